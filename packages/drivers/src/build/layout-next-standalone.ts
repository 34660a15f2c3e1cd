import { lstat, stat } from 'node:fs/promises'
import path from 'node:path'
import { addTree, mayShip, type FilePlan } from './file-plan.ts'
import type { BuiltTree, Layout, Selection } from './layout.ts'
import { addManagerFiles, traceFiles } from './layout-traced.ts'
import { assetsOf, readNextBuild, type NextBuild } from './next-build.ts'

/**
 * A Next.js app built with `output: 'standalone'` whose start command runs the server in it. Next
 * leaves `static` and `public` out of the standalone tree; they are put where its server looks.
 */
export const nextStandalone: Layout = {
  name: 'next-standalone',
  whenBroken: 'fail',
  async select(built) {
    const { entries, root } = built
    if (!entries.complete) return undefined
    const found = await findStandalone(root, entries.files)
    if (found === undefined) return undefined
    const { build, directory, server } = found
    const plan: FilePlan = new Map()
    const standalone = `${directory}/standalone`
    await addTree(plan, root, { from: standalone, keep: (file) => neededAtRunTime(file.slice(standalone.length)) })
    await dropDeadLinks(plan, root)
    const app = path.posix.dirname(server)
    const assets = `${app}/${build.distDir}/static`
    await addTree(plan, root, { from: `${directory}/static`, to: assets })
    await addTree(plan, root, { from: path.posix.join(appDirectory(directory, build), 'public'), to: `${app}/public`, keep: (file) => mayShip(path.posix.basename(file)) })
    await addRest(built, plan, standalone)
    return { plan, assets: assetsOf(build, assets), entries: entries.files, deploymentId: build.deploymentId, buildId: build.buildId } satisfies Selection
  },
}

interface Standalone {
  /** The build directory, e.g. `apps/web/.next`. */
  readonly directory: string
  readonly server: string
  readonly build: NextBuild
}

async function findStandalone(root: string, entries: readonly string[]): Promise<Standalone | undefined> {
  for (const server of entries) {
    const at = server.indexOf('/standalone/')
    if (at === -1) continue
    const directory = server.slice(0, at)
    const build = await readNextBuild(path.join(root, directory))
    if (build !== undefined) return { directory, server, build }
  }
  return undefined
}

/** Next.js copies the links to packages that `outputFileTracingExcludes` keeps out. They lead nowhere where it was built either, so that nothing can need them. */
async function dropDeadLinks(plan: FilePlan, root: string): Promise<void> {
  for (const [to, from] of plan) {
    const file = path.join(root, from)
    if ((await lstat(file)).isSymbolicLink() && (await stat(file).catch(() => undefined)) === undefined) plan.delete(to)
  }
}

/** The other commands' files: a migration before the deploy, manifests for a package manager. */
async function addRest(built: BuiltTree, plan: FilePlan, standalone: string): Promise<void> {
  const others = built.entries.files.filter((file) => !file.startsWith(`${standalone}/`))
  if (others.length > 0) for (const [to, from] of await traceFiles(built, others)) plan.set(to, from)
  if (built.entries.viaManager) addManagerFiles(plan, built)
}

function appDirectory(directory: string, build: NextBuild): string {
  return directory.endsWith(build.distDir) ? directory.slice(0, directory.length - build.distDir.length) : path.posix.dirname(directory)
}

/** Next's tracer also copies what only a build needs. */
function neededAtRunTime(file: string): boolean {
  if (!mayShip(path.posix.basename(file))) return false
  if (file.endsWith('.nft.json') || /\/\.next\/(?:cache|trace|types|diagnostics)(?:\/|$)/.test(file)) return false
  if (/\/\.next\/server\/.*\.map$/.test(file)) return false
  return !/\/node_modules\/(?:\.pnpm\/typescript@[^/]+|typescript)(?:\/|$)/.test(file)
}
