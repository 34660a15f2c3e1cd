import { posix } from 'node:path'
import type { WorkspacePackage } from '../workspace.ts'
import { scriptCall, type FoundManager } from './find-manager.ts'
import type { Finding } from './found.ts'
import { dependencyOf, inManifest } from './in-manifest.ts'
import type { NextApp } from './next-app.ts'
import type { ReadRepository } from './read-repository.ts'
import { nodeCallFromRoot } from './root-call.ts'

export interface NextStart {
  readonly start: Finding<string>
  readonly afterBuild: Finding<string> | undefined
  readonly hostVariable: Finding<string> | undefined
}

/** How a Next.js app that has a server is started, from the root. */
export function nextStart({ repository, manager, target, app }: { readonly repository: ReadRepository; readonly manager: FoundManager; readonly target: WorkspacePackage; readonly app: NextApp }): NextStart {
  const { directory, manifest: { scripts } } = target
  const written = nodeCallFromRoot(scripts['start'] ?? '', directory)
  if (app.output !== undefined) {
    const server = posix.join(directory, '.next/standalone', directory, 'server.js')
    const start = written?.file.includes('/standalone/') === true || written?.file.startsWith('.next/standalone/') === true ? { value: written.command, from: inManifest(target, 'scripts.start') } : { value: `node ${server}`, from: app.output.from }
    return { start, afterBuild: copying(repository, target, app.output.from), hostVariable: { value: 'HOSTNAME', from: app.output.from } }
  }
  if (written !== undefined) return { start: { value: written.command, from: inManifest(target, 'scripts.start') }, afterBuild: undefined, hostVariable: undefined }
  const isPlain = /^(?:(?:cross-env\s+)?NODE_ENV=production\s+)?next\s+start(?:\s+(?:-p|--port)[\s=]\S+)?$/.test((scripts['start'] ?? 'next start').trim())
  const next = isPlain ? nextProgram(repository, manager, target) : undefined
  // `next start` listens on the port that PORT names, and does not hear of signals that a package manager keeps to itself.
  const value = next === undefined ? scriptCall(manager, target, 'start') : `node ${next} start${directory === '' ? '' : ` ${directory}`}`
  return { start: { value, from: inManifest(target, scripts['start'] === undefined ? 'dependencies.next' : 'scripts.start') }, afterBuild: undefined, hostVariable: undefined }
}

/** Where its own program lies after an installation; undefined where that depends on what else is installed. */
function nextProgram({ workspace: { packages } }: ReadRepository, { name, hasNodeModules }: FoundManager, { directory }: WorkspacePackage): string | undefined {
  const program = 'node_modules/next/dist/bin/next'
  if (!hasNodeModules) return undefined
  if (name === 'pnpm') return posix.join(directory, program)
  const versions = new Set(packages.filter((one) => dependencyOf(one, ['next']) !== undefined).map((one) => one.manifest.dependencies['next'] ?? one.manifest.devDependencies['next']))
  // npm and Yarn put the one version that all want at the root.
  return versions.size <= 1 ? program : undefined
}

/** Next.js leaves two directories out of its standalone tree, in the belief that a CDN serves them. */
function copying({ files }: ReadRepository, { directory, manifest: { scripts } }: WorkspacePackage, from: string): Finding<string> | undefined {
  const done = [scripts['build'], scripts['postbuild']].some((script) => /standalone|\bcp\b|copy/.test(script ?? ''))
  if (done) return undefined
  const app = directory === '' ? '.' : directory
  const tree = posix.join(directory, '.next/standalone', directory)
  const hasPublic = [...files].some((file) => file.startsWith(posix.join(directory, 'public/')))
  // Into directories that are there, so that a second build copies over the first and not into it.
  return { value: [`cp -r ${posix.join(app, '.next/static')} ${posix.join(tree, '.next/')}`, ...(hasPublic ? [`cp -r ${posix.join(app, 'public')} ${tree}/`] : [])].join(' && '), from }
}
