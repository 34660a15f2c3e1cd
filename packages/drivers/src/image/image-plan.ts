import path from 'node:path'
import { listens, PlimsollError, type UnitSpec } from '@plimsoll/model'
import { packageOf, readText, type SourceTree, type Workspace, type WorkspacePackage } from '@plimsoll/repository'
import { analyseCommand, parseLine, parsePackageManager, type Invocation } from '@plimsoll/repository/commands'
import { matchesAny } from '../build/build-inputs.ts'
import { findEntries, type Entries } from '../build/entries.ts'
import { pnpmFor } from '../build/toolchain.ts'
import { lockedVersion } from './locked-version.ts'

/** Where Next.js puts a server of its own inside its build directory. */
const standalone = '/standalone/'

/** All that a Dockerfile for one Service has to say. Paths are relative to the repository's root. */
export interface ImagePlan {
  readonly service: string
  readonly runs: NodeProgram | PublishedSite
  /** The workspace's package that the image is for; the root of a repository that is one package. */
  readonly target: WorkspacePackage
  /** Major version of Node. */
  readonly node: string
  readonly pnpm: string
  /** Absent where the repository has no Turborepo: nothing is pruned then. */
  readonly turbo: string | undefined
  /** What the build may read at the root besides what `turbo prune` takes along. */
  readonly rootFiles: readonly string[]
  /** Directories of the root's own, such as `scripts`. */
  readonly rootDirectories: readonly string[]
  /** Where the build command runs. */
  readonly rootDir: string
  /** The Blueprint's build command without its installing part; empty when nothing is built. */
  readonly build: string
  /** Next.js build directories, whose caches are worth keeping. */
  readonly nextDirectories: readonly string[]
  /** Variables that become part of pages: `NEXT_PUBLIC_…`. Sorted. */
  readonly publicNames: readonly string[]
}

export interface NodeProgram {
  readonly is: 'program'
  /** Without `node`, as words. */
  readonly args: readonly string[]
  readonly cwd: string
  /** Files that any of the Service's commands hand to Node; what they reach is what the image holds. */
  readonly entries: readonly string[]
  /** `apps/web/.next/standalone/apps/web` for Next.js's own server. */
  readonly nextServer: string | undefined
  /** `apps/web` for Next.js's own program that runs a build which brings no server. */
  readonly nextApp: string | undefined
  /** Undefined where nothing listens. The path is absent where the Blueprint has none, and opening the port is enough. */
  readonly health: { readonly path: string | undefined } | undefined
}

export interface PublishedSite {
  readonly is: 'site'
  readonly directory: string
}

/** What is known about a repository and one of its Services. */
export interface ImageQuestion {
  readonly spec: UnitSpec
  readonly tree: SourceTree
  readonly workspace: Workspace
  /** Names of the variables that the Service has at build time. */
  readonly variables: readonly string[]
}

/**
 * Reads from the Blueprint and the repository what the image of a Service is made of. Throws `PLACE_CANNOT`, with what to
 * change, for a Service whose image Plimsoll cannot write a Dockerfile for.
 */
export async function planImage({ spec, tree, workspace, variables }: ImageQuestion): Promise<ImagePlan> {
  if (!tree.files.has('pnpm-lock.yaml')) throw cannot(spec, 'the repository has no pnpm-lock.yaml', 'pnpm install, then commit pnpm-lock.yaml; or write a Dockerfile, and runtime: docker')
  const runs = spec.kind === 'static' ? siteOf(spec) : programOf(spec, workspace)
  const build = withoutInstall(spec.buildCommand ?? '')
  const target = targetOf(spec, { workspace, build, runs })
  const files = [...tree.files.keys()].filter((file) => !matchesAny(file, spec.buildFilter?.ignoredPaths ?? []))
  return {
    service: spec.service,
    runs,
    target,
    node: await nodeMajor(tree),
    pnpm: pnpmFor(workspace),
    turbo: tree.files.has('turbo.json') && target.directory !== '' ? await lockedVersion(tree, 'turbo') : undefined,
    rootFiles: rootFilesOf(files),
    rootDirectories: rootDirectoriesOf(files, workspace),
    rootDir: spec.rootDir,
    build,
    nextDirectories: runs.is === 'program' ? nextDirectoriesOf(runs) : [],
    publicNames: variables.filter((name) => name.startsWith('NEXT_PUBLIC_')).sort(),
  }
}

function siteOf(spec: UnitSpec): PublishedSite {
  return { is: 'site', directory: path.posix.join(spec.staticSite?.publishPath ?? '') }
}

/** An image has no shell and no package manager, so its command is what the start command comes down to: one program of Node's. */
function programOf(spec: UnitSpec, workspace: Workspace): NodeProgram {
  const { startCommand = '' } = spec
  const { invocations, understood } = analyseCommand(startCommand, workspace, spec.rootDir)
  const [only, ...more] = invocations
  const plain = invocations.some(({ program }) => program === 'next')
    ? "output: 'standalone' in next.config, and startCommand: node .next/standalone/…/server.js"
    : 'start it with one plain command, as in startCommand: node dist/main.js'
  const hint = `${plain}; or write a Dockerfile, and runtime: docker`
  if (!understood || only === undefined || more.length > 0 || only.program !== 'node' || only.args.some((word) => word.includes('$'))) {
    throw cannot(spec, `its startCommand does not come down to one program of Node's: ${startCommand || '(none)'}`, hint)
  }
  const entries = entriesOf(spec, workspace, only)
  if (!entries.complete) throw cannot(spec, `it cannot be told which files its commands run: ${[startCommand, spec.preDeployCommand].filter((one) => one !== undefined).join('; ')}`, hint)
  if (spec.preDeployCommand !== undefined && only.cwd !== spec.rootDir) throw cannot(spec, `it starts in ${only.cwd}, and its preDeployCommand runs elsewhere, but an image has one directory to run in`, hint)
  const server = entries.files.find((file) => file.includes(standalone))
  return {
    is: 'program',
    args: only.args,
    cwd: only.cwd,
    entries: entries.files,
    nextServer: server === undefined ? undefined : path.posix.dirname(server),
    nextApp: nextAppOf(only),
    health: listens(spec.kind) ? { path: spec.healthCheckPath } : undefined,
  }
}

/** What Next.js's own program runs is in its build, beside which it has no file of the repository's to name. */
function entriesOf(spec: UnitSpec, workspace: Workspace, only: Invocation): Pick<Entries, 'files' | 'complete'> {
  const app = nextAppOf(only)
  const program = only.args[0]
  if (app === undefined || program === undefined) return findEntries(spec, workspace)
  const { startCommand: _, preDeployCommand, ...rest } = spec
  const before = preDeployCommand === undefined ? { files: [], complete: true } : findEntries({ ...rest, preDeployCommand }, workspace)
  return { files: [path.posix.join(only.cwd, program), path.posix.join(app, '.next'), ...before.files], complete: before.complete }
}

/** The app that `node …/next/dist/bin/next start DIRECTORY` serves; undefined for anything else. */
function nextAppOf({ args: [program = '', verb, directory = '', ...more], cwd }: Invocation): string | undefined {
  const isStart = /(?:^|\/)node_modules\/next\/dist\/bin\/next$/.test(program) && verb === 'start' && more.length === 0 && !directory.startsWith('-')
  return isStart ? path.posix.join(cwd, directory).replace(/^\.$/, '') : undefined
}

function nextDirectoriesOf({ nextServer, nextApp }: NodeProgram): string[] {
  if (nextServer !== undefined) return [nextServer.slice(0, nextServer.indexOf(standalone))]
  return nextApp === undefined ? [] : [path.posix.join(nextApp, '.next')]
}

/** The parts of a build command that are joined by `&&` and install nothing: the image has a stage for that. */
function withoutInstall(command: string): string {
  return command.split('&&').map((part) => part.trim()).filter((part) => part !== '' && !installsOnly(part)).join(' && ')
}

function installsOnly(part: string): boolean {
  const { commands } = parseLine(part)
  const [words = []] = commands.map((one) => one.words)
  const [program = '', ...args] = words
  return commands.length === 1 && (program === 'corepack' || parsePackageManager(program, args)?.kind === 'install')
}

/** The one package that the start command, the directory, or the build names. */
function targetOf(spec: UnitSpec, { workspace, build, runs }: { workspace: Workspace; build: string; runs: ImagePlan['runs'] }): WorkspacePackage {
  const places = runs.is === 'program' ? [...(runs.nextApp === undefined ? [] : [path.posix.join(runs.nextApp, 'package.json')]), ...startFiles(runs), spec.rootDir] : [path.posix.join(spec.rootDir, runs.directory), runs.directory]
  const home = places.map((place) => packageOf(workspace, place)).find(({ directory }) => directory !== '')
  const named = analyseCommand(build, workspace, spec.rootDir).invocations.flatMap(scopeOf)
  return home ?? (named.length === 1 ? named[0] : undefined) ?? workspace.root
}

function scopeOf({ scope }: Invocation): readonly WorkspacePackage[] {
  return scope === 'all' ? [] : scope
}

function startFiles({ args, cwd, entries }: NodeProgram): string[] {
  const started = args.map((word) => path.posix.join(cwd, word))
  return entries.filter((file) => started.includes(file))
}

async function nodeMajor(tree: SourceTree): Promise<string> {
  const pinned = (await readText(tree, '.node-version')) ?? (await readText(tree, '.nvmrc')) ?? ''
  return /^v?(\d+)/.exec(pinned.trim())?.[1] ?? process.versions.node.split('.')[0] ?? ''
}

/** Taken along by `turbo prune` itself, or kept out of the context, or of no use to a build. */
const notForBuild = new Set(['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'turbo.json', 'turbo.jsonc', '.npmrc', '.gitignore', '.gitattributes', '.dockerignore', '.editorconfig', '.DS_Store', 'docs', 'docker'])

function rootFilesOf(files: readonly string[]): string[] {
  return files.filter((file) => !file.includes('/') && !notForBuild.has(file) && !/\.md$|^LICEN[CS]E|^\.env|Dockerfile$|^(?:(?:docker-)?compose|render).*\.ya?ml$/i.test(file)).sort()
}

function rootDirectoriesOf(files: readonly string[], { packages }: Workspace): string[] {
  const top = new Set(files.filter((file) => file.includes('/')).map((file) => file.slice(0, file.indexOf('/'))))
  return [...top].filter((name) => !name.startsWith('.') && !notForBuild.has(name) && !packages.some(({ directory }) => directory === name || directory.startsWith(`${name}/`))).sort()
}

function cannot({ service }: UnitSpec, why: string, hint: string): PlimsollError {
  return new PlimsollError('PLACE_CANNOT', `${service}: no Dockerfile can be written for it: ${why}`, { hint })
}
