import { parse } from 'yaml'
import { z } from 'zod'

const wanted = z.record(z.string(), z.string()).catch({}).default({})
/** What a lockfile has to fit. */
export const manifestSchema = z.object({
  dependencies: wanted, devDependencies: wanted, optionalDependencies: wanted,
  packageManager: z.string().optional().catch(undefined),
  devEngines: z.object({ packageManager: z.object({ name: z.string(), version: z.string() }).optional().catch(undefined) }).optional().catch(undefined),
  engines: z.object({ node: z.string().optional().catch(undefined) }).optional().catch(undefined),
})
export type Manifest = z.infer<typeof manifestSchema>

/** Where a lockfile does not fit a package.json. */
export interface Misfit {
  /** Of the package.json, relative to the root. */
  readonly manifest: string
  readonly what: string
}

const locked = z.record(z.string(), z.object({ specifier: z.string() })).default({})
const pnpmSchema = z.object({
  importers: z.record(z.string(), z.object({ dependencies: locked, devDependencies: locked, optionalDependencies: locked })),
  catalogs: z.record(z.string(), locked).default({}),
  overrides: z.record(z.string(), z.string()).default({}),
})
const pnpmWorkspaceSchema = z.object({ catalog: wanted, catalogs: z.record(z.string(), wanted).catch({}).default({}) }).catch({ catalog: {}, catalogs: {} })
const npmSchema = z.object({ packages: z.record(z.string(), z.object({ dependencies: wanted, devDependencies: wanted, optionalDependencies: wanted })) })

/** directory → manifest of every package; the root's directory is empty. */
export type Manifests = ReadonlyMap<string, Manifest>

/** Where pnpm-lock.yaml does not fit the manifests, as `--frozen-lockfile` would find; undefined for a lockfile of a form that is not known. */
export function pnpmMisfits(lockText: string, workspaceText: string, manifests: Manifests): Misfit[] | undefined {
  // The rest is thousands of lines about packages of packages.
  const lock = pnpmSchema.safeParse(parse(lockText.split(/^(?:packages|snapshots):/m)[0] ?? '')).data
  if (lock === undefined) return undefined
  const misfits = [...manifests].flatMap(([directory, manifest]) => {
    const importer = lock.importers[directory === '' ? '.' : directory]
    const found = { ...importer?.devDependencies, ...importer?.dependencies, ...importer?.optionalDependencies }
    return compared(directory, manifest, new Map(Object.entries(found).map(([name, { specifier }]) => [name, specifier])))
  })
  const { catalog, catalogs } = pnpmWorkspaceSchema.parse(parse(workspaceText))
  const named: Readonly<Record<string, Readonly<Record<string, string>>>> = { default: catalog, ...catalogs }
  const turned = Object.entries(lock.catalogs).flatMap(([catalogName, entries]) => Object.entries(entries).flatMap(([name, { specifier }]): Misfit[] => {
    const now = named[catalogName]?.[name]
    return now === undefined || now === specifier ? [] : [{ manifest: 'pnpm-workspace.yaml', what: `asks for ${name} ${now}, and the lockfile has ${specifier}` }]
  }))
  // An override stands in the lockfile in place of what the manifest says.
  const overridden = Object.keys(lock.overrides).map((name) => name.replace(/^.*>/, '').replace(/(?<=.)@.*$/, ''))
  return [...misfits.filter(({ name }) => !overridden.includes(name)), ...turned]
}

/** The same for package-lock.json. */
export function npmMisfits(lockText: string, manifests: Manifests): Misfit[] | undefined {
  const lock = npmSchema.safeParse(JSON.parse(lockText)).data
  return lock === undefined ? undefined : [...manifests].flatMap(([directory, manifest]) => {
    const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = lock.packages[directory] ?? {}
    return compared(directory, manifest, new Map(Object.entries({ ...devDependencies, ...dependencies, ...optionalDependencies })))
  })
}

function compared(directory: string, { dependencies, devDependencies, optionalDependencies }: Manifest, found: ReadonlyMap<string, string>): (Misfit & { readonly name: string })[] {
  const manifest = directory === '' ? 'package.json' : `${directory}/package.json`
  const asked = { ...devDependencies, ...dependencies, ...optionalDependencies }
  const differs = Object.entries(asked).flatMap(([name, range]) => {
    const inLock = found.get(name)
    if (inLock === range) return []
    return [{ manifest, name, what: `asks for ${name} ${range}, and the lockfile ${inLock === undefined ? 'lacks it' : `has ${inLock}`}` }]
  })
  const extra = [...found.keys()].filter((name) => !(name in asked)).map((name) => ({ manifest, name, what: `does not ask for ${name}, which the lockfile still has` }))
  return [...differs, ...extra]
}
