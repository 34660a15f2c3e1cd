import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { packageOf, type WorkspacePackage } from '@plimsoll/repository'
import { entryFile } from './entry-file.ts'
import { mayShip, type FilePlan } from './file-plan.ts'
import type { BuiltTree, Layout } from './layout.ts'
import { traceInstalled, traceOwn } from './trace-program.ts'

/**
 * Node programs: the files that their imports reach, found by reading the code. What code reads
 * at run time without an import (SQL, templates, plug-ins loaded by directory) comes along
 * with the packages that are reached.
 */
export const traced: Layout = {
  name: 'traced',
  whenBroken: 'try-next',
  async select(built) {
    if (!built.entries.complete) return undefined
    const files = built.entries.files.map((file) => entryFile(built.root, file))
    if (files.some((file) => file === undefined)) return undefined
    const plan = await traceFiles(built, files.flatMap((file) => file ?? []))
    if (built.entries.viaManager) addManagerFiles(plan, built)
    return { plan, assets: [], entries: built.entries.files }
  },
}

const code = /\.(?:[cm]?js|[cm]?ts|jsx|tsx)$/
const program = /\.[cm]?js$/
const typed = /(?<!\.d)\.[cm]?ts$/
const noRunTimeUse = /\.map$|\.d\.[cm]?ts$|\.tsbuildinfo$/
const notAnAsset = /(?:^|\/)(?:tests?|e2e|fixtures|coverage)\/|(?:^|\/)(?:tsconfig[^/]*\.json|turbo\.json|(?:[^/]+\.)?Dockerfile|[^/]+\.config\.[^/]+)$|\.(?:md|mdx|lock|log)$|(?:^|\/)\.(?!env\.production$)[^/]*$/

/** Everything that running `entries` needs, by paths relative to the root. */
export async function traceFiles(built: Pick<BuiltTree, 'root' | 'tree' | 'workspace' | 'traceMemory'>, entries: readonly string[]): Promise<FilePlan> {
  const { root, tree, traceMemory: memory } = built
  const cache = {}
  const first = await traceOwn(root, entries, cache)
  const siblings = (await Promise.all(directoriesOf(first.files, built).map((directory) => filesBelow(root, directory, first.files)))).flat()
  // Plug-ins that are loaded by directory have imports of their own.
  const all = [...entries, ...siblings.filter((file) => program.test(file) || typed.test(file))]
  const { files, boundary } = await traceOwn(root, all, cache)
  const installed = await traceInstalled({ root, tree, memory }, all, boundary)
  return new Map([...files, ...installed, ...siblings, ...assetFiles(built, files)].map((file) => [file, file]))
}

/** `pnpm start` reads the manifests of the workspace before it runs a script. */
export function addManagerFiles(plan: FilePlan, { tree, workspace }: Pick<BuiltTree, 'tree' | 'workspace'>): void {
  const manifests = workspace.packages.map((one) => `${one.directory}/package.json`)
  for (const file of ['package.json', 'pnpm-workspace.yaml', ...manifests]) if (tree.files.has(file)) plan.set(file, file)
}

/** The directories of the reached packages that code came from, e.g. `apps/api/dist`; never a package's whole directory. */
function directoriesOf(own: readonly string[], { workspace }: Pick<BuiltTree, 'workspace'>): string[] {
  const found = new Set<string>()
  for (const file of own) {
    if (!code.test(file)) continue
    const home = packageOf(workspace, file).directory
    const [top, ...below] = (home === '' ? file : file.slice(home.length + 1)).split('/')
    if (top !== undefined && below.length > 0) found.add(home === '' ? top : `${home}/${top}`)
  }
  return [...found]
}

async function filesBelow(root: string, directory: string, own: readonly string[]): Promise<string[]> {
  const runsTypes = own.some((file) => file.startsWith(`${directory}/`) && typed.test(file))
  const found: string[] = []
  const visit = async (at: string): Promise<void> => {
    for (const entry of await readdir(path.join(root, at), { withFileTypes: true })) {
      if (!mayShip(entry.name) || entry.name === 'node_modules') continue
      const file = `${at}/${entry.name}`
      if (entry.isDirectory()) await visit(file)
      else if (entry.isFile() && !noRunTimeUse.test(file) && (runsTypes || !typed.test(file))) found.push(file)
    }
  }
  await visit(directory)
  return found
}

function assetFiles({ tree, workspace }: Pick<BuiltTree, 'tree' | 'workspace'>, reached: readonly string[]): string[] {
  const homes = new Set<WorkspacePackage>(reached.map((file) => packageOf(workspace, file)))
  const found: string[] = []
  for (const { path: file } of tree.files.values()) {
    const home = packageOf(workspace, file)
    if (!homes.has(home)) continue
    const name = path.posix.basename(file)
    if (name === 'package.json' || (!code.test(file) && !notAnAsset.test(file) && mayShip(name) && !isLock(name))) found.push(file)
  }
  return found
}

function isLock(name: string): boolean {
  return ['pnpm-lock.yaml', 'package-lock.json', 'yarn.lock', 'bun.lock', 'render.yaml'].includes(name)
}
