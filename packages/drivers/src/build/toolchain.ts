import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import type { Workspace } from '@plimsoll/repository'
import { writeDurably } from '../process/durable-file.ts'

export interface ToolchainOptions {
  /** Plimsoll's own directory; shims and caches are kept in it. */
  readonly home: string
  /** The environment that Plimsoll was started with; only named variables are taken from it. */
  readonly machine: Readonly<Record<string, string | undefined>>
  /** The Node to build and run with. */
  readonly node: string
}

/** Programs and settings for the user's own commands. */
export interface Toolchain {
  /** What decides the outcome of a build besides its source: `node 24`, `pnpm 12`. */
  readonly versions: readonly string[]
  /** Said once at the top of the build's output. */
  readonly warnings: readonly string[]
  /** The clean environment of a build or of a run, without anything of the Service's own. */
  readonly environment: Readonly<Record<string, string>>
}

/** Needed to reach registries and to print text; nothing here can change what a build makes. */
const taken = [
  'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'USER', 'LOGNAME',
  'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'all_proxy',
  'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'XDG_CONFIG_HOME', 'NPM_CONFIG_USERCONFIG', 'npm_config_userconfig',
]

/**
 * Prepares PATH (Plimsoll's Node, then its pnpm or the one that the repository pins, then the
 * machine's programs) and the shared caches. Yarn comes through npx where the repository pins one, or this machine has none. Making the shims twice leaves them as once.
 * Throws `TOOL_MISSING` when this machine has no pnpm binary.
 */
export async function prepareToolchain(options: ToolchainOptions, workspace?: Workspace): Promise<Toolchain> {
  const own = ownPnpm()
  const pin = pinnedPnpm(workspace)
  const machinePath = options.machine['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'
  const foreign = pin !== undefined && major(pin) !== major(own.version)
  const npx = foreign ? findProgram('npx', machinePath) : undefined
  const shims = foreign && npx !== undefined ? await foreignShims(options.home, pin) : await ownShims(options.home, own)
  const yarn = await yarnTools(options.home, { pin: pinnedYarn(workspace), machinePath })
  const cache = path.join(options.home, 'cache')
  const environment: Record<string, string> = {}
  for (const name of taken) {
    const value = options.machine[name]
    if (value !== undefined) environment[name] = value
  }
  Object.assign(environment, {
    HOME: options.machine['HOME'] ?? options.home,
    PATH: [path.dirname(options.node), shims, ...yarn.directories, machinePath].join(':'),
    LANG: options.machine['LANG'] ?? 'C.UTF-8',
    CI: 'true',
    NEXT_TELEMETRY_DISABLED: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    // Turborepo reads and writes one cache for all services; entries are named by content and renamed into place.
    TURBO_CACHE_DIR: path.join(cache, 'turbo'),
    // pnpm 11 and later read the first, older ones the second.
    pnpm_config_store_dir: path.join(cache, 'pnpm-store'),
    ...(foreign && major(pin) < 11 && { npm_config_store_dir: path.join(cache, 'pnpm-store') }),
  })
  const pnpm = foreign && npx !== undefined ? pin : own.version
  const warnings = foreign && npx === undefined ? [`This repository pins pnpm ${pin}; it is built with pnpm ${own.version}, because npx is not on PATH to bring the other.`] : []
  return { versions: [`node ${process.versions.node.split('.')[0] ?? ''}`, `pnpm ${major(pnpm)}`, ...yarn.versions], warnings, environment }
}

/** The directory that holds Plimsoll's own pnpm under its plain name, for start commands that call it. Twice is once. Throws `TOOL_MISSING`. */
export async function ownToolDirectory(home: string): Promise<string> {
  return ownShims(home, ownPnpm())
}

interface OwnPnpm {
  readonly version: string
  readonly binary: string
}

/** Install scripts are blocked, so the package's own `pnpm` is a placeholder; the native binary lies in a package beside it. */
function ownPnpm(): OwnPnpm {
  const beside = createRequire(pnpmManifest())
  const { version } = beside('./package.json') as { version: string }
  const platform = `${process.platform}-${process.arch}`
  for (const name of [`@pnpm/exe.${platform}`, `@pnpm/exe.${platform}-musl`]) {
    try {
      const binary = path.join(path.dirname(beside.resolve(`${name}/package.json`)), 'pnpm')
      if (existsSync(binary)) return { version, binary }
    } catch {
      // Not installed on this platform; the next name may be, and none is reported below.
    }
  }
  throw new PlimsollError('TOOL_MISSING', `pnpm ${version} has no binary for ${platform} in Plimsoll's own installation`, { hint: 'npm start' })
}

function pnpmManifest(): string {
  try {
    return createRequire(import.meta.url).resolve('pnpm/package.json')
  } catch (cause) {
    throw new PlimsollError('TOOL_MISSING', 'This Plimsoll is installed without pnpm, so nothing is built here', { hint: 'Build with a Plimsoll that runs from its repository: npm start', cause })
  }
}

async function ownShims(home: string, { version, binary }: OwnPnpm): Promise<string> {
  const directory = path.join(home, 'tools', `pnpm-${version}`)
  await writeShim(directory, 'pnpm', `exec '${quoted(binary)}' "$@"`)
  await writeShim(directory, 'pnpx', `exec '${quoted(binary)}' dlx "$@"`)
  return directory
}

async function foreignShims(home: string, version: string): Promise<string> {
  const directory = path.join(home, 'tools', `pnpm-${version}`)
  await writeShim(directory, 'pnpm', `exec npx --yes 'pnpm@${quoted(version)}' "$@"`)
  await writeShim(directory, 'pnpx', `exec npx --yes 'pnpm@${quoted(version)}' dlx "$@"`)
  return directory
}

/** The last one of its first line; it starts whatever a repository brings itself. */
const usualYarn = '1.22.22'

interface YarnTools {
  readonly directories: readonly string[]
  readonly versions: readonly string[]
}

/** npm comes with this machine's npx; Yarn comes through it, in the version that a repository pins. Nothing where neither is asked for or there is no npx. */
async function yarnTools(home: string, { pin, machinePath }: { readonly pin: string | undefined; readonly machinePath: string }): Promise<YarnTools> {
  const isThere = findProgram('yarn', machinePath) !== undefined
  if ((pin === undefined && isThere) || findProgram('npx', machinePath) === undefined) return { directories: [], versions: [] }
  const version = pin ?? usualYarn
  const directory = path.join(home, 'tools', `yarn-${version}`)
  await writeShim(directory, 'yarn', `exec npx --yes '--package=${major(version) < 2 ? 'yarn' : '@yarnpkg/cli-dist'}@${quoted(version)}' yarn "$@"`)
  return { directories: [directory], versions: pin === undefined ? [] : [`yarn ${major(pin)}`] }
}

/** The exact version that a repository asks for. */
function pinnedYarn(workspace: Workspace | undefined): string | undefined {
  return /^yarn@(\d+\.\d+\.\d+[^+]*)/.exec(workspace?.root.manifest.packageManager ?? '')?.[1]
}

/** In the shim and not in an environment, so that they hold for builds and for units alike. */
const settings = [
  '# The pnpm that runs is settled here; it shall not fetch another one by itself.',
  'export pnpm_config_pm_on_fail=ignore pnpm_config_update_notifier=false',
  '# Before a script pnpm would install what it finds missing. An artifact lacks devDependencies on purpose, and a start must never install.',
  'export pnpm_config_verify_deps_before_run=false',
]

async function writeShim(directory: string, name: string, body: string): Promise<void> {
  const file = path.join(directory, name)
  const text = `#!/bin/sh\n${settings.join('\n')}\n${body}\n`
  const present = await readFile(file, 'utf8').catch(() => '')
  if (present === text) return
  await writeDurably(file, text, 0o755)
}

function quoted(text: string): string {
  return text.replaceAll("'", `'\\''`)
}

/** The version of pnpm that a repository is built with: the one that it pins, else our own. Throws `TOOL_MISSING` as `prepareToolchain` does. */
export function pnpmFor(workspace: Workspace): string {
  return pinnedPnpm(workspace) ?? ownPnpm().version
}

/** The exact version that a repository asks for; a range is met by ours. */
function pinnedPnpm(workspace: Workspace | undefined): string | undefined {
  if (workspace === undefined) return undefined
  const { manifest } = workspace.root
  const exact = /^pnpm@(\d+\.\d+\.\d+[^+]*)/.exec(manifest.packageManager ?? '')?.[1]
  const engine = manifest.devEngines?.packageManager
  if (exact !== undefined || engine?.name !== 'pnpm') return exact
  return /^\d+\.\d+\.\d+/.exec(engine.version ?? '')?.[0]
}

function major(version: string): number {
  return Number(version.split('.')[0])
}

function findProgram(name: string, searchPath: string): string | undefined {
  return searchPath.split(':').map((directory) => path.join(directory, name)).find((file) => existsSync(file))
}
