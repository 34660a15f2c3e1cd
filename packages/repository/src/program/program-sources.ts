import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { z } from 'zod'
import { factsOf, type ModuleFacts } from './module-facts.ts'

/** One package of the repository. */
export interface SourcePackage {
  /** Relative to the source's root; empty for the root itself. */
  readonly directory: string
  readonly name: string
}

/** What the commands of a service run. */
export interface ServiceProgram {
  /** Files that Node is told to run, relative to the root, as they are called after the build: `apps/api/dist/main.js`. */
  readonly entries: readonly string[]
  /** False when some command could not be followed to its files. */
  readonly complete: boolean
  /** The packages that its commands name, without what those depend on. Empty when they name none. */
  readonly packages: readonly SourcePackage[]
}

/** A repository, and what of it is to be followed. */
export interface ProgramParts {
  readonly root: string
  readonly code: RepositoryCode
  readonly program: ServiceProgram
}

interface RepositoryCode {
  /** Relative to the root, with `/`. */
  readonly files: readonly string[]
  readonly packages: readonly SourcePackage[]
}

/** The repository's own modules that a service runs, each with what it does with the environment. */
export interface ProgramSources {
  readonly modules: ReadonlyMap<string, ModuleFacts>
  /** False where the files that its commands run could not be traced to sources: then these are all modules of its packages, whether they run or not. */
  readonly exact: boolean
  readonly isNext: boolean
}

const extensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx']
const code = /(?<!\.d)\.(?:[cm]?[jt]s|[jt]sx)$/
const tests = /(?:^|\/)(?:tests?|__tests__|__mocks__|e2e|scripts|\.storybook)\/|\.(?:test|spec|stories)\.[cm]?[jt]sx?$/
/** What `next start` runs: an app that its arguments name, wherever the program itself is installed. */
const nextOwn = /(?:^|\/)node_modules\/next\/dist\/bin\/next$/
/** Where Next.js begins to read an app, below its own directory. */
const nextEntries = /^(?:(?:src\/)?(?:app\/(?:.*\/)?(?:page|layout|route|template|loading|error|global-error|not-found|default|forbidden|unauthorized|sitemap|robots|manifest|icon|apple-icon|opengraph-image|twitter-image)|pages\/.*|middleware|proxy|instrumentation|instrumentation-client)|next\.config)\.(?:[cm]?[jt]s|[jt]sx)$/

/** Follows the imports of a service from the files that its commands run; undefined for a service without code of the repository's. */
export async function programSources({ root, code: source, program }: ProgramParts, signal: AbortSignal): Promise<ProgramSources | undefined> {
  const files = new Set(source.files)
  const starts: string[] = []
  let isNext = false
  let exact = program.entries.length > 0
  for (const entry of program.entries) {
    const home = homeOf(source, entry)
    const apps = nextOwn.test(entry) ? program.packages.map(({ directory }) => directory) : entry.includes('/.next/') ? [home] : undefined
    const found = apps?.flatMap((app) => nextStarts(files, app)) ?? [sourceOf(entry, home, files) ?? []].flat()
    isNext ||= apps !== undefined
    if (found.length === 0) exact = false
    starts.push(...found)
  }
  if (program.entries.length === 0) for (const { directory } of program.packages) {
    const found = nextStarts(files, directory)
    isNext ||= found.length > 0
    exact = isNext
    starts.push(...found)
  }
  if (starts.length === 0 || !exact) starts.push(...program.packages.flatMap(({ directory }) => [...files].filter((file) => file.startsWith(`${directory}/`) && code.test(file) && !tests.test(file))))
  if (starts.length === 0) return undefined
  const resolve = await resolver(root, source, files)
  return { modules: await follow({ root, starts, resolve }, signal), exact, isNext }
}

interface Journey {
  readonly root: string
  readonly starts: readonly string[]
  readonly resolve: (from: string, specifier: string) => readonly string[]
}

async function follow({ root, starts, resolve }: Journey, signal: AbortSignal): Promise<ProgramSources['modules']> {
  const modules = new Map<string, ModuleFacts>()
  const todo = [...starts]
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    if (modules.has(path)) continue
    signal.throwIfAborted()
    const facts = factsOf(path, await readFile(join(root, path), 'utf8'))
    modules.set(path, facts)
    todo.push(...facts.imports.flatMap((specifier) => resolve(path, specifier)))
  }
  return modules
}

function homeOf({ packages }: RepositoryCode, file: string): string {
  const holders = packages.filter(({ directory }) => directory === '' || file.startsWith(`${directory}/`))
  return holders.reduce((best, { directory }) => (directory.length > best.length ? directory : best), '')
}

function nextStarts(files: ReadonlySet<string>, home: string): string[] {
  const inside = home === '' ? '' : `${home}/`
  return [...files].filter((file) => file.startsWith(inside) && nextEntries.test(file.slice(inside.length)) && !tests.test(file))
}

/** The source of a built file: `apps/api/dist/main.js` comes from `apps/api/src/main.ts`. */
function sourceOf(built: string, home: string, files: ReadonlySet<string>): string | undefined {
  const inside = home === '' ? '' : `${home}/`
  const stem = built.slice(inside.length).replace(/\.[cm]?[jt]sx?$/, '')
  const below = stem.split('/').slice(1).join('/').replace(new RegExp(`^${inside}`), '')
  const stems = [stem, ...(below === '' ? [] : [`src/${below}`, below, `src/${below.replace(/^src\//, '')}`])]
  const candidates = stems.flatMap((each) => extensions.flatMap((extension) => [`${inside}${each}${extension}`, `${inside}${each}/index${extension}`]))
  return files.has(built) ? built : candidates.find((candidate) => files.has(candidate))
}

const manifestSchema = z.object({ name: z.string().optional(), exports: z.unknown().optional(), main: z.string().optional(), module: z.string().optional() })

async function resolver(root: string, { packages }: RepositoryCode, files: ReadonlySet<string>): Promise<Journey['resolve']> {
  const manifests = new Map(await Promise.all(packages.filter(({ directory }) => files.has(posix.join(directory, 'package.json'))).map(async ({ directory }) => {
    const manifest = manifestSchema.safeParse(JSON.parse(await readFile(join(root, directory, 'package.json'), 'utf8'))).data ?? {}
    return [manifest.name ?? directory, { directory, manifest }] as const
  })))
  const homes = packages.map(({ directory }) => directory).toSorted((a, b) => b.length - a.length)
  return (from, specifier) => {
    if (specifier.startsWith('.')) return first([posix.join(posix.dirname(from), specifier)], files)
    const alias = /^[@~]\/(.+)$/.exec(specifier)?.[1]
    if (alias !== undefined) {
      const home = homes.find((directory) => directory === '' || from.startsWith(`${directory}/`)) ?? ''
      return first([posix.join(home, 'src', alias), posix.join(home, alias)], files)
    }
    const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
    const found = manifests.get(name)
    if (found === undefined) return []
    const targets = targetsOf(found.manifest, specifier === name ? '.' : `.${specifier.slice(name.length)}`)
    return targets.flatMap((target) => sourceOf(posix.join(found.directory, target), found.directory, files) ?? []).slice(0, 1)
  }
}

/** What a manifest answers for a path into its package, whatever the condition. */
function targetsOf({ exports, main, module }: z.infer<typeof manifestSchema>, path: string): string[] {
  const map = typeof exports === 'object' && exports !== null && Object.keys(exports).some((key) => key.startsWith('.')) ? exports : { '.': exports }
  const found = Object.entries(map).flatMap(([key, value]) => {
    const [before = '', after] = key.split('*')
    if (after === undefined) return key === path ? strings(value) : []
    return path.startsWith(before) && path.endsWith(after) ? strings(value).map((each) => each.replace('*', path.slice(before.length, path.length - after.length))) : []
  })
  return [...found, ...(path === '.' ? [main, module, 'src/index.ts', 'index.ts', 'index.js'].filter((each) => each !== undefined) : [path])]
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return value.endsWith('.d.ts') ? [] : [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : []
}

/** As bundlers find a file: as it is written, with `.js` for a `.ts`, without its ending, or as a directory. */
function first(bases: readonly string[], files: ReadonlySet<string>): string[] {
  for (const base of bases) {
    const bare = base.replace(/\.[cm]?jsx?$/, '')
    const candidates = [base, ...[bare, base].flatMap((stem) => extensions.flatMap((extension) => [`${stem}${extension}`, `${stem}/index${extension}`]))]
    const found = candidates.find((candidate) => files.has(candidate) && code.test(candidate))
    if (found !== undefined) return [found]
  }
  return []
}
