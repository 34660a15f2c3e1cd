import path from 'node:path'
import { packageOf, type WorkspacePackage } from '@plimsoll/repository'
import { runtimeCommands } from './build-inputs.ts'
import { addTree, mayShip, type FilePlan } from './file-plan.ts'
import type { BuiltTree, Layout } from './layout.ts'
import { addManagerFiles } from './layout-traced.ts'
import { assetsOf, readNextBuild } from './next-build.ts'
import { addProductionModules } from './production-modules.ts'

/**
 * Anything else: the source and the build's outputs of the packages that run, and the production
 * part of what is installed, as it is installed. That keeps what install scripts made,
 * needs no network, and works for every package manager's node_modules.
 */
export const installed: Layout = {
  name: 'installed',
  whenBroken: 'fail',
  async select(built) {
    const { root, workspace } = built
    const plan: FilePlan = new Map()
    const reached = await addProductionModules(plan, { root, workspace, from: [workspace.root, ...runningPackages(built)] })
    for (const one of reached) {
      await addTree(plan, root, { from: one.directory, keep: (file) => belongs(file) && packageOf(workspace, file) === one })
    }
    addManagerFiles(plan, built)
    for (const one of reached) {
      const next = `${one.directory === '' ? '' : `${one.directory}/`}.next`
      const build = await readNextBuild(path.join(root, next))
      if (build === undefined) continue
      const advice = `output: 'standalone' in the next.config of ${one.name}, started with node .next/standalone/…/server.js, makes a far smaller artifact`
      return { plan, assets: assetsOf(build, `${next}/static`), entries: [], deploymentId: build.deploymentId, buildId: build.buildId, advice }
    }
    return { plan, assets: [], entries: [] }
  },
}

/** Packages that the run-time commands name; without such, all that the build was for. */
function runningPackages({ spec, workspace, packages }: BuiltTree): readonly WorkspacePackage[] {
  const scopes = runtimeCommands(spec, workspace).flatMap(({ analysis }) => analysis.invocations.map((one) => one.scope))
  const named = scopes.flatMap((scope) => (scope === 'all' ? [] : scope))
  if (named.length > 0 && !scopes.includes('all')) return [...new Set(named)]
  return packages === 'all' ? workspace.packages : packages
}

function belongs(file: string): boolean {
  const name = path.posix.basename(file)
  if (name === 'node_modules' || !mayShip(name) || name.endsWith('.tsbuildinfo')) return false
  return !/(?:^|\/)\.next\/(?:cache|standalone|trace|types|diagnostics)$/.test(file)
}
