import { posix } from 'node:path'
import type { WorkspacePackage } from '../workspace.ts'
import { scriptCall, type FoundManager } from './find-manager.ts'
import type { Finding } from './found.ts'
import { inManifest } from './in-manifest.ts'
import { filesIn } from './next-app.ts'
import type { ReadRepository } from './read-repository.ts'
import { codeIn, nodeCallFromRoot } from './root-call.ts'

export interface ServerStart {
  readonly start: Finding<string>
  /** The file that it runs, from the root, as it is called after the build. Undefined where the command does not say. */
  readonly entry: string | undefined
}

/** Where a script is for production alone, the plain one is for development. */
const scripts = ['start:prod', 'start:production', 'start'] as const

/** Names of the file that begins a program, the likeliest first. */
const beginnings = ['main', 'server', 'index', 'app'].flatMap((name) => ['ts', 'mts', 'js', 'mjs'].flatMap((ending) => [`src/${name}.${ending}`, `${name}.${ending}`]))

/** How a program that is no Next.js app is started, from the root; undefined where neither a script nor a file says. */
export async function serverStart({ files, text }: ReadRepository, manager: FoundManager, target: WorkspacePackage): Promise<ServerStart | undefined> {
  const name = scripts.find((each) => each in target.manifest.scripts)
  if (name !== undefined) {
    const script = target.manifest.scripts[name] ?? ''
    const call = nodeCallFromRoot(script, target.directory)
    const from = inManifest(target, `scripts.${name}`)
    if (call !== undefined) return { start: { value: call.command, from }, entry: call.file }
    return { start: { value: scriptCall(manager, target, name), from }, entry: codeIn(script, target.directory) }
  }
  const own = new Set(filesIn(files, target))
  const found = beginnings.find((name) => own.has(name))
  const source = found === undefined ? undefined : posix.join(target.directory, found)
  // A package that others import has such a file as well; what begins a server listens.
  if (found === undefined || source === undefined || !/\.listen\s*\(/.test((await text(source)) ?? '')) return undefined
  const built = builtFrom(found, target)
  const entry = posix.join(target.directory, built)
  return { start: { value: `node ${entry}`, from: source }, entry }
}

/** Without a build, Node runs TypeScript as it is. Compilers put into `dist` what they are not told to put elsewhere. */
function builtFrom(source: string, { manifest }: WorkspacePackage): string {
  const build = manifest.scripts['build']
  if (build === undefined || !/\b(?:tsc|tsup|esbuild|swc|tsdown|unbuild)\b/.test(build)) return source
  return `dist/${posix.basename(source).replace(/\.(m?)ts$/, '.$1js')}`
}
