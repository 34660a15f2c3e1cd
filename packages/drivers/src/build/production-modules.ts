import { lstat, readdir, readFile, realpath } from 'node:fs/promises'
import path from 'node:path'
import { packageManifestSchema, type PackageManifest, type Workspace, type WorkspacePackage } from '@plimsoll/repository'
import { addTree, type FilePlan } from './file-plan.ts'

export interface ProductionQuestion {
  readonly root: string
  readonly workspace: Workspace
  readonly from: readonly WorkspacePackage[]
}

/**
 * Adds every installed package that `from` needs in production, found by going through
 * node_modules the way Node does: links stay links, and no devDependency comes along.
 * Gives the workspace's own packages that were reached, which are not added.
 */
export async function addProductionModules(plan: FilePlan, question: ProductionQuestion): Promise<WorkspacePackage[]> {
  const { root, workspace } = question
  const own = new Map([workspace.root, ...workspace.packages].map((one) => [one.directory, one]))
  const reached = new Set(question.from)
  const seen = new Set<string>()
  const todo = question.from.map((one) => ({ directory: one.directory, names: wantedBy(one.manifest) }))
  for (let job = todo.pop(); job !== undefined; job = todo.pop()) {
    for (const name of job.names) {
      const found = await find(root, job.directory, name)
      if (found === undefined) continue
      if (found.place !== found.directory) plan.set(found.place, found.place)
      if (seen.has(found.directory)) continue
      seen.add(found.directory)
      const mine = own.get(found.directory)
      if (mine === undefined) await addInstalled(plan, root, found.directory)
      else reached.add(mine)
      todo.push({ directory: found.directory, names: wantedBy(mine?.manifest ?? (await manifestOf(root, found.directory))) })
    }
  }
  for (const one of reached) await addPrograms(plan, { root, bin: path.posix.join(one.directory, 'node_modules/.bin'), there: seen })
  return [...reached]
}

interface Found {
  /** Where Node finds the name: a directory, or a link to one. */
  readonly place: string
  readonly directory: string
}

async function find(root: string, from: string, name: string): Promise<Found | undefined> {
  for (let at = from; ; at = path.posix.dirname(at)) {
    if (at === '.') at = ''
    if (path.posix.basename(at) !== 'node_modules') {
      const place = path.posix.join(at, 'node_modules', name)
      const real = await realpath(path.join(root, place)).catch(() => undefined)
      // A package linked from outside of the work directory cannot be shipped by its link.
      if (real !== undefined) return real.startsWith(root + path.sep) ? { place, directory: path.relative(root, real) } : undefined
    }
    if (at === '') return undefined
  }
}

function wantedBy({ dependencies, optionalDependencies, peerDependencies }: PackageManifest): string[] {
  return [...new Set([...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...Object.keys(peerDependencies)])]
}

async function addInstalled(plan: FilePlan, root: string, directory: string): Promise<void> {
  await addTree(plan, root, { from: directory, keep: (file) => file !== `${directory}/node_modules` })
  // Generators such as Prisma's write into a directory beside the package that they belong to.
  const beside = path.posix.dirname(directory).replace(/\/@[^/]+$/, '')
  for (const name of await readdir(path.join(root, beside))) {
    if (name.startsWith('.') && !['.bin', '.pnpm', '.cache', '.modules.yaml', '.package-lock.json'].includes(name) && beside.includes('/.pnpm/')) {
      await addTree(plan, root, { from: `${beside}/${name}` })
    }
  }
}

async function manifestOf(root: string, directory: string): Promise<PackageManifest> {
  const text = await readFile(path.join(root, directory, 'package.json'), 'utf8').catch(() => '{}')
  return packageManifestSchema.parse(JSON.parse(text))
}

/** The commands in node_modules/.bin that belong to packages which are there. */
async function addPrograms(plan: FilePlan, { root, bin, there }: { root: string; bin: string; there: ReadonlySet<string> }): Promise<void> {
  for (const name of await readdir(path.join(root, bin)).catch(() => [])) {
    const target = await targetOf(root, `${bin}/${name}`)
    const inside = target !== undefined && [...there].some((one) => target.startsWith(`${one}/`))
    if (inside) plan.set(`${bin}/${name}`, `${bin}/${name}`)
  }
}

async function targetOf(root: string, file: string): Promise<string | undefined> {
  const absolute = path.join(root, file)
  if ((await lstat(absolute)).isSymbolicLink()) return relativeReal(root, absolute)
  // pnpm writes a shell script in place of a link; newer ones name their target in a comment, older ones run "$basedir/<target>".
  const text = await readFile(absolute, 'utf8')
  const named = /^# cmd-shim-target=(.+)$/m.exec(text)?.[1] ?? /"\$basedir\/([^"]+)"\s+"\$@"/.exec(text)?.[1]
  return named === undefined ? undefined : relativeReal(root, path.resolve(path.dirname(absolute), named))
}

async function relativeReal(root: string, file: string): Promise<string | undefined> {
  const real = await realpath(file).catch(() => undefined)
  return real === undefined ? undefined : path.relative(root, real)
}
