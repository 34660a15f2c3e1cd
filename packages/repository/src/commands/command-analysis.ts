import path from 'node:path'
import { packageOf, type Workspace, type WorkspacePackage } from '../workspace.ts'
import { parsePackageManager, type ManagerCall } from './package-manager-call.ts'
import { parseLine } from './shell-words.ts'

/** One program that a command line runs, found also through package scripts. */
export interface Invocation {
  /** Relative to the Source's root. */
  readonly cwd: string
  readonly program: string
  readonly args: readonly string[]
  /** Named in a package.json script, or run by `pnpm exec` and the like, so that node_modules/.bin is on its PATH. */
  readonly viaManager: boolean
  /** The packages it works for; `all` when it names none. */
  readonly scope: readonly WorkspacePackage[] | 'all'
}

export interface CommandAnalysis {
  readonly invocations: readonly Invocation[]
  /** False when part of the line could not be followed; then nothing may be concluded from what is absent. */
  readonly understood: boolean
}

/** Commands that neither build nor run anything of the repository's. */
const harmless = new Set(['echo', 'printf', 'true', ':', 'set', 'export', 'unset', 'sleep', 'corepack', 'mkdir', 'rm', 'test', '[', 'date', 'wait', 'ls', 'pwd', 'umask', 'ulimit'])
const deepest = 8

interface Scene {
  readonly workspace: Workspace
  readonly cwd: string
  readonly viaManager: boolean
  readonly depth: number
}

/** Which programs `line` runs when a shell runs it in `cwd`, and for which packages of the workspace. */
export function analyseCommand(line: string, workspace: Workspace, cwd: string): CommandAnalysis {
  return follow(line, { workspace, cwd, viaManager: false, depth: 0 })
}

function follow(line: string, scene: Scene): CommandAnalysis {
  const parsed = parseLine(line)
  let { understood } = parsed
  let cwd = scene.cwd
  const invocations: Invocation[] = []
  for (const { words } of parsed.commands) {
    const [program = '', ...args] = words
    if (program === 'cd') {
      const target = args[0] ?? ''
      if (target === '' || target.includes('$') || path.posix.isAbsolute(target)) understood = false
      else cwd = inside(cwd, target)
      continue
    }
    if (harmless.has(program)) continue
    const found = followOne(program, args, { ...scene, cwd })
    invocations.push(...found.invocations)
    understood &&= found.understood
  }
  return { invocations, understood }
}

function followOne(program: string, args: readonly string[], scene: Scene): CommandAnalysis {
  const call = parsePackageManager(program, args)
  if (call !== undefined) return followManager(call, scene)
  if (program === 'turbo') return one(scene, { program, args, scope: turboScope(args, scene) })
  const named = args.flatMap((word) => packageNamedByPath(word, scene) ?? [])
  const at = packageOf(scene.workspace, scene.cwd)
  const scope = [...new Set(at.directory === '' ? named : [at, ...named])]
  return one(scene, { program, args, scope: scope.length > 0 ? scope : 'all' })
}

function followManager(call: ManagerCall, scene: Scene): CommandAnalysis {
  if (call.kind === 'install') return { invocations: [], understood: true }
  const cwd = call.directory === undefined ? scene.cwd : inside(scene.cwd, call.directory)
  const targets = call.filters.length > 0 ? select(call.filters, scene.workspace) : undefined
  if (call.kind === 'tool') {
    const places = targets === undefined || targets === 'all' ? [cwd] : targets.map((target) => target.directory)
    return join(places.map((place) => followOne(call.name, call.args, { ...scene, cwd: place, viaManager: true })))
  }
  if (targets === 'all' || call.recursive) return one(scene, { program: call.manager, args: [call.name], scope: 'all' })
  const packages = targets ?? [packageOf(scene.workspace, cwd)]
  return join(packages.map((target) => followScript(call, target, scene)))
}

/** npm and pnpm run `prestart` and `poststart` around `start`; a lone `start` without a script is `node server.js`. */
function followScript(call: ManagerCall, target: WorkspacePackage, scene: Scene): CommandAnalysis {
  const { scripts } = target.manifest
  const next = { ...scene, cwd: target.directory, viaManager: true, depth: scene.depth + 1 }
  const script = scripts[call.name] ?? (call.name === 'start' ? 'node server.js' : undefined)
  // `pnpm tsc` runs a tool when no script has that name.
  if (script === undefined) return followTool(call, next)
  if (next.depth > deepest) return { invocations: [], understood: false }
  const lines = [scripts[`pre${call.name}`], script, scripts[`post${call.name}`]].filter((line) => line !== undefined)
  return join(lines.map((line) => follow(line === script ? [line, ...call.args].join(' ') : line, next)))
}

function followTool(call: ManagerCall, scene: Scene): CommandAnalysis {
  const known = parsePackageManager(call.name, call.args)
  return known === undefined ? followOne(call.name, call.args, scene) : { invocations: [], understood: false }
}

function turboScope(args: readonly string[], scene: Scene): Invocation['scope'] {
  const filters: string[] = []
  args.forEach((word, index) => {
    const value = /^(?:--filter=|-F)(.+)$/.exec(word)?.[1]
    if (value !== undefined) filters.push(value)
    else if (word === '--filter' || word === '-F') filters.push(args[index + 1] ?? '')
    else if (!word.startsWith('-') && word.includes('#')) filters.push(word.split('#')[0] ?? '')
  })
  if (filters.length > 0) return select(filters, scene.workspace)
  const at = packageOf(scene.workspace, scene.cwd)
  return at.directory === '' ? 'all' : [at]
}

/** What pnpm's and Turborepo's filters choose, before their dots: the closure follows from the packages anyway. */
function select(filters: readonly string[], workspace: Workspace): WorkspacePackage[] | 'all' {
  const chosen = new Set<WorkspacePackage>()
  for (const filter of filters) {
    if (filter.startsWith('!')) continue
    // A filter by change or by dependents can mean any package.
    if (filter.startsWith('...') || filter.includes('[')) return 'all'
    const name = filter.replace(/\^?\.\.\.$/, '').replace(/^\{(.*)\}$/, '$1')
    const found = workspace.packages.filter((one) => isNamed(one, name))
    if (found.length === 0) return 'all'
    for (const one of found) chosen.add(one)
  }
  return chosen.size === 0 ? 'all' : [...chosen]
}

function isNamed(one: WorkspacePackage, name: string): boolean {
  const unscoped = one.name.split('/').at(-1) ?? one.name
  const place = name.replace(/^\.\//, '').replace(/\/+$/, '')
  if (one.name === name || one.directory === place) return true
  if (!name.startsWith('.') && !name.includes('/') && unscoped === name) return true
  return name.includes('*') && (path.posix.matchesGlob(one.name, name) || path.posix.matchesGlob(one.directory, place))
}

function packageNamedByPath(word: string, scene: Scene): WorkspacePackage | undefined {
  const value = word.startsWith('-') ? (/^--?[\w-]+=(.+)$/.exec(word)?.[1] ?? '') : word
  if (value === '' || value.includes('$') || path.posix.isAbsolute(value)) return undefined
  const found = packageOf(scene.workspace, inside(scene.cwd, value))
  return found.directory === '' ? undefined : found
}

function one(scene: Scene, what: Pick<Invocation, 'program' | 'args' | 'scope'>): CommandAnalysis {
  return { invocations: [{ cwd: scene.cwd, viaManager: scene.viaManager, ...what }], understood: true }
}

function join(parts: readonly CommandAnalysis[]): CommandAnalysis {
  return { invocations: parts.flatMap((part) => part.invocations), understood: parts.every((part) => part.understood) }
}

function inside(cwd: string, target: string): string {
  const joined = path.posix.normalize(path.posix.join(cwd, target)).replace(/\/+$/, '')
  return joined === '.' ? '' : joined
}
