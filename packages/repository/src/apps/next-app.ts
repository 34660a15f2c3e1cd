import { posix } from 'node:path'
import type { WorkspacePackage } from '../workspace.ts'
import type { Finding } from './found.ts'
import { bestHealthPath } from './health-paths.ts'
import { dependencyOf, inManifest } from './in-manifest.ts'
import type { ReadRepository } from './read-repository.ts'

/** What a Next.js app says of itself. */
export interface NextApp {
  readonly from: string
  readonly output: Finding<'standalone' | 'export'> | undefined
  readonly healthPath: Finding<string> | undefined
}

const configs = ['ts', 'mts', 'js', 'mjs', 'cjs'].map((ending) => `next.config.${ending}`)
const routeFile = /^(?:src\/)?app\/(?:(.*)\/)?route\.[cm]?[jt]sx?$/
const apiFile = /^(?:src\/)?pages\/(api\/.*?)(?:\/index)?\.[cm]?[jt]sx?$/
const homeFile = /^(?:src\/)?(?:app\/(?:\([^)]+\)\/)*page|pages\/index)\.(?:[cm]?[jt]s|[jt]sx|mdx)$/

/** Undefined for a package that is no Next.js app: what only has components for one depends on `next` too. */
export async function nextApp({ files, text }: ReadRepository, target: WorkspacePackage): Promise<NextApp | undefined> {
  if (dependencyOf(target, ['next']) === undefined) return undefined
  const own = filesIn(files, target)
  const config = configs.find((name) => own.includes(name))
  const pages = own.find((file) => /^(?:src\/)?(?:app|pages)\//.test(file))
  if (pages === undefined || (config === undefined && !/\bnext\b/.test(`${target.manifest.scripts['build']} ${target.manifest.scripts['start']}`))) return undefined
  const configFile = config === undefined ? undefined : posix.join(target.directory, config)
  const configText = configFile === undefined ? '' : ((await text(configFile)) ?? '')
  const basePath = /\bbasePath\s*:\s*['"`](\/[^'"`]*)['"`]/.exec(configText)?.[1] ?? ''
  return { from: inManifest(target, 'dependencies.next'), output: outputIn(configText, configFile ?? ''), healthPath: healthPathIn({ own, target, basePath }) }
}

function outputIn(text: string, file: string): NextApp['output'] {
  const found = /\boutput\s*:\s*['"`](standalone|export)['"`]/.exec(text)
  if (found === null) return undefined
  return { value: found[1] === 'export' ? 'export' : 'standalone', from: `${file}:${text.slice(0, found.index).split('\n').length}` }
}

function healthPathIn({ own, target, basePath }: { readonly own: readonly string[]; readonly target: WorkspacePackage; readonly basePath: string }): Finding<string> | undefined {
  const routes = own.flatMap((file) => {
    const below = routeFile.exec(file)?.[1] ?? apiFile.exec(file)?.[1]
    // Groups are no part of an address; what has a parameter or a slot is not one page.
    const steps = below?.split('/').filter((step) => !/^\(.*\)$/.test(step))
    return steps === undefined || steps.some((step) => /[[@]/.test(step)) ? [] : [{ path: `/${steps.join('/')}`, file }]
  })
  const home = own.find((file) => homeFile.test(file))
  const best = bestHealthPath(routes) ?? (home === undefined ? undefined : { path: '/', file: home })
  if (best === undefined) return undefined
  const path = best.path === '/' && basePath !== '' ? basePath : `${basePath}${best.path}`
  return { value: path, from: posix.join(target.directory, best.file) }
}

/** Files of a package, relative to it. */
export function filesIn(files: ReadonlySet<string>, { directory }: WorkspacePackage): string[] {
  const inside = directory === '' ? '' : `${directory}/`
  return [...files].filter((file) => file.startsWith(inside)).map((file) => file.slice(inside.length))
}
