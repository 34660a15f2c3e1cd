import { createHash } from 'node:crypto'
import path from 'node:path'
import { digestSchema, type Digest, type InputParts, type UnitSpec } from '@plimsoll/model'
import { closureOf, packageOf, type SourceFile, type SourceTree, type Workspace, type WorkspacePackage } from '@plimsoll/repository'
import { analyseCommand, type CommandAnalysis } from '@plimsoll/repository/commands'

/** Raised when the same inputs would no longer give the same artifact. */
const builderVersion = 1

/** Directories at the root that steer other tools and no build. */
const notForBuilds = /^\.(?:github|gitlab|circleci|vscode|idea|husky|changeset)\//

/**
 * Variables that differ between two releases of equal inputs. A build that reads them gets the
 * values of the release that built it, and is not repeated for their sake.
 */
const perRelease = new Set(['RENDER_GIT_COMMIT', 'RENDER_GIT_BRANCH', 'RENDER_INSTANCE_ID', 'RENDER_SERVICE_ID', 'NEXT_DEPLOYMENT_ID'])

export interface BuildInputs {
  readonly digest: Digest
  /** The workspace's packages that the build can see change; `all` when its commands do not tell. */
  readonly packages: readonly WorkspacePackage[] | 'all'
  readonly files: readonly SourceFile[]
  readonly parts: InputParts
}

export interface InputsQuestion {
  readonly spec: UnitSpec
  readonly tree: SourceTree
  readonly workspace: Workspace
  readonly environment: Readonly<Record<string, string>>
  /** Path of the Blueprint; what it says about this service counts, its text does not. */
  readonly blueprint: string
  /** Whatever else decides what a build makes: `node 24`, `pnpm 12`. */
  readonly tools: readonly string[]
}

/** Over the values that a build gets, but for those that differ between two releases of equal inputs. */
export function digestOfValues(environment: Readonly<Record<string, string>>): string {
  const values = Object.entries(environment).filter(([name]) => !perRelease.has(name)).sort(byName)
  return createHash('sha256').update(JSON.stringify(values)).digest('hex')
}

/** Names everything that one Service's build depends on. Copies nothing, and reads no source file. */
export function buildInputs(question: InputsQuestion): BuildInputs {
  const { spec, tree, workspace } = question
  const packages = concernedPackages(spec, workspace)
  const ignored = spec.buildFilter?.ignoredPaths ?? []
  const named = spec.buildFilter?.paths ?? []
  const files = [...tree.files.values()].filter((file) => {
    if (file.path === question.blueprint || notForBuilds.test(file.path) || matchesAny(file.path, ignored)) return false
    if (packages === 'all' || matchesAny(file.path, named)) return true
    const home = packageOf(workspace, file.path)
    return home.directory === '' || packages.includes(home)
  })
  return { digest: digestOf(question, files), packages, files, parts: partsOf(question, files) }
}

/** The analysis of every command that a Service's artifact has to support when it runs. */
export function runtimeCommands(spec: UnitSpec, workspace: Workspace): { command: string; analysis: CommandAnalysis }[] {
  return [spec.startCommand, spec.preDeployCommand, spec.initialDeployHook]
    .filter((command) => command !== undefined)
    .map((command) => ({ command, analysis: analyseCommand(command, workspace, spec.rootDir) }))
}

function concernedPackages(spec: UnitSpec, workspace: Workspace): readonly WorkspacePackage[] | 'all' {
  if (workspace.packages.length === 0) return 'all'
  const build = analyseCommand(spec.buildCommand ?? '', workspace, spec.rootDir)
  const chosen = new Set<WorkspacePackage>()
  const analyses = [build, ...runtimeCommands(spec, workspace).map((one) => one.analysis)]
  // A build that names no package, such as `make`, can read any file.
  if (!analyses.every((one) => one.understood) || build.invocations.some((one) => one.scope === 'all')) return 'all'
  for (const { scope, program } of analyses.flatMap((one) => one.invocations)) {
    // A start command that names no package, such as `./bin/start`, lives in the files at the root.
    if (scope === 'all' && managers.has(program)) return 'all'
    for (const one of scope === 'all' ? [] : scope) chosen.add(one)
  }
  const home = packageOf(workspace, spec.rootDir)
  if (home.directory !== '') chosen.add(home)
  return chosen.size === 0 ? 'all' : closureOf(workspace, [...chosen])
}

const managers = new Set(['pnpm', 'npm', 'yarn', 'bun', 'turbo'])

function digestOf({ spec, environment, tools }: InputsQuestion, files: readonly SourceFile[]): Digest {
  const hash = createHash('sha256')
  const add = (...parts: readonly string[]) => void hash.update(JSON.stringify(parts)).update('\n')
  add('builder', String(builderVersion), ...tools)
  add('commands', ...commandsOf(spec))
  for (const [name, value] of Object.entries(environment).sort(byName)) {
    if (!perRelease.has(name)) add('variable', name, createHash('sha256').update(value).digest('hex'))
  }
  for (const file of byPath(files)) add('file', file.path, file.mode, file.blob)
  return digestSchema.parse(`sha256:${hash.digest('hex')}`)
}

function commandsOf({ kind, runtime, rootDir, buildCommand = '', startCommand = '', preDeployCommand = '', initialDeployHook = '', staticSite }: UnitSpec): string[] {
  return [kind, runtime, rootDir, buildCommand, startCommand, preDeployCommand, initialDeployHook, staticSite?.publishPath ?? '']
}

function partsOf({ spec, tools }: InputsQuestion, files: readonly SourceFile[]): InputParts {
  const short = (facts: unknown) => createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16)
  return { source: short(byPath(files).map(({ path: name, mode, blob }) => [name, mode, blob])), commands: short(commandsOf(spec)), tools: short([builderVersion, ...tools]) }
}

function byPath(files: readonly SourceFile[]): SourceFile[] {
  return [...files].sort((a, b) => compare(a.path, b.path))
}

/** Whether one of the globs of a Blueprint's build filter means this file. */
export function matchesAny(file: string, globs: readonly string[]): boolean {
  return globs.some((glob) => path.posix.matchesGlob(file, glob.replace(/^\//, '')) || file === glob)
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return compare(a, b)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
