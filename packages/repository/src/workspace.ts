import path from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { parse } from 'yaml'
import { z } from 'zod'
import { readText, type SourceTree } from './source-tree.ts'

const dependenciesSchema = z.record(z.string(), z.string()).catch({})

/** Only what a build has to know; a package.json may hold anything else. */
export const packageManifestSchema = z.object({
  name: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  scripts: z.record(z.string(), z.string()).default({}).catch({}),
  dependencies: dependenciesSchema.default({}),
  devDependencies: dependenciesSchema.default({}),
  optionalDependencies: dependenciesSchema.default({}),
  peerDependencies: dependenciesSchema.default({}),
  packageManager: z.string().optional().catch(undefined),
  devEngines: z.object({ packageManager: z.object({ name: z.string(), version: z.string().optional() }).optional().catch(undefined) }).optional().catch(undefined),
  engines: z.object({ node: z.string().optional().catch(undefined) }).optional().catch(undefined),
  workspaces: z.union([z.array(z.string()), z.object({ packages: z.array(z.string()) }).transform((value) => value.packages)]).optional().catch(undefined),
})
export type PackageManifest = z.infer<typeof packageManifestSchema>

export interface WorkspacePackage {
  /** Relative to the Source's root; empty for the root itself. */
  readonly directory: string
  readonly name: string
  readonly manifest: PackageManifest
}

export interface Workspace {
  /** The root's own package.json; an empty one where there is none. */
  readonly root: WorkspacePackage
  /** Without the root. Empty for a repository that is one package. */
  readonly packages: readonly WorkspacePackage[]
}

const pnpmFileSchema = z.object({ packages: z.array(z.string()).default([]) }).catch({ packages: [] })

/** Finds the workspace's packages as pnpm, npm and Yarn do, from the globs in pnpm-workspace.yaml or package.json. */
export async function readWorkspace(tree: SourceTree): Promise<Workspace> {
  const root = await packageAt(tree, '')
  const globs = [...pnpmFileSchema.parse(await readYaml(tree, 'pnpm-workspace.yaml')).packages, ...(root.manifest.workspaces ?? [])]
  const wanted = globs.filter((glob) => !glob.startsWith('!')).map(tidy)
  const unwanted = globs.filter((glob) => glob.startsWith('!')).map((glob) => tidy(glob.slice(1)))
  const directories = [...tree.files.keys()]
    .filter((file) => path.posix.basename(file) === 'package.json' && file !== 'package.json')
    .map((file) => path.posix.dirname(file))
    .filter((directory) => matches(directory, wanted) && !matches(directory, unwanted))
  return { root, packages: await Promise.all(directories.sort().map((directory) => packageAt(tree, directory))) }
}

/** `packages` and everything in the workspace that they depend on, also for building. */
export function closureOf(workspace: Workspace, packages: readonly WorkspacePackage[]): WorkspacePackage[] {
  const reached = new Set(packages)
  for (const one of reached) for (const next of neededBy(workspace, one)) reached.add(next)
  return workspace.packages.filter((one) => reached.has(one))
}

/** The package whose directory holds `file`; the root when no other does. */
export function packageOf(workspace: Workspace, file: string): WorkspacePackage {
  const holders = workspace.packages.filter((one) => file === one.directory || file.startsWith(`${one.directory}/`))
  return holders.reduce((best, one) => (one.directory.length > best.directory.length ? one : best), workspace.root)
}

/** The packages of the workspace that one depends on by itself, also for building. */
export function neededBy(workspace: Workspace, { directory, manifest }: WorkspacePackage): WorkspacePackage[] {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest
  const wanted = Object.entries({ ...peerDependencies, ...devDependencies, ...optionalDependencies, ...dependencies })
  return wanted.flatMap(([name, range]) => {
    const linked = /^(?:link|file|portal):(.+)$/.exec(range)?.[1]
    const at = linked === undefined ? undefined : path.posix.join(directory, linked)
    return workspace.packages.find((one) => (at === undefined ? one.name === name : one.directory === at)) ?? []
  })
}

async function packageAt(tree: SourceTree, directory: string): Promise<WorkspacePackage> {
  const file = directory === '' ? 'package.json' : `${directory}/package.json`
  const text = (await readText(tree, file)) ?? '{}'
  const manifest = packageManifestSchema.safeParse(fromJson(file, text))
  if (!manifest.success) throw unreadable(file, 'is not a package manifest')
  return { directory, name: manifest.data.name ?? directory, manifest: manifest.data }
}

function fromJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unreadable(file, 'is not JSON', cause)
  }
}

async function readYaml(tree: SourceTree, file: string): Promise<unknown> {
  try {
    return parse((await readText(tree, file)) ?? '{}')
  } catch (cause) {
    throw unreadable(file, 'is not YAML', cause)
  }
}

function unreadable(file: string, fault: string, cause?: unknown): PlimsollError {
  return new PlimsollError('SOURCE_UNREADABLE', `${file}: ${fault}`, { hint: `correct ${file}`, cause })
}

function tidy(glob: string): string {
  return glob.replace(/^\.\//, '').replace(/\/+$/, '')
}

function matches(directory: string, globs: readonly string[]): boolean {
  return globs.some((glob) => path.posix.matchesGlob(directory, glob))
}
