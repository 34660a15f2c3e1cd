import path from 'node:path'
import type { UnitSpec } from '@plimsoll/model'
import type { Workspace } from '@plimsoll/repository'
import type { Invocation } from '@plimsoll/repository/commands'
import { runtimeCommands } from './build-inputs.ts'

export interface Entries {
  /** Files that Node is told to run, relative to the root. */
  readonly files: readonly string[]
  /** False when some command runs something else of the repository's, so that files cannot be chosen by tracing. */
  readonly complete: boolean
  /** Some command goes through a package manager, which wants its manifests at hand. */
  readonly viaManager: boolean
}

/** Flags of Node that take the next word with them. */
const valueFlags = new Set(['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions', '--env-file', '--env-file-if-exists', '--title', '--input-type'])
const preloads = new Set(['-r', '--require', '--import', '--loader', '--experimental-loader'])
/** Flags after which there is no file, or a use of files that cannot be seen from here. */
const unseen = new Set(['-e', '--eval', '-p', '--print', '-pe', '--test', '--run', '-i', '--interactive', '-'])

/** The files that a Service's start command, pre-deploy command and first-deploy hook hand to Node. */
export function findEntries(spec: UnitSpec, workspace: Workspace): Entries {
  const commands = runtimeCommands(spec, workspace)
  const found = commands.flatMap(({ analysis }) => analysis.invocations)
  const files = found.map(entriesOf)
  return {
    files: [...new Set(files.flatMap((one) => one ?? []))],
    complete: commands.every(({ analysis }) => analysis.understood) && files.every((one) => one !== undefined) && files.some((one) => one !== undefined && one.length > 0),
    viaManager: found.some((one) => one.viaManager),
  }
}

/** Undefined when the invocation needs files that cannot be named. */
function entriesOf({ program, args, cwd, viaManager }: Invocation): string[] | undefined {
  if (program !== 'node') {
    // Outside of a package script only a program of the machine can have a bare name.
    return viaManager || program.includes('/') || shells.has(program) || args.some((word) => /\.[cm]?[jt]s$/.test(word)) ? undefined : []
  }
  const files: string[] = []
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? ''
    if (unseen.has(word)) return undefined
    if (!word.startsWith('-')) {
      if (word.includes('$') || path.posix.isAbsolute(word)) return undefined
      // A program of a package works on files of the repository that its own code does not name: `node node_modules/next/dist/bin/next start`.
      if (isInstalled(word)) return undefined
      return [...files, place(cwd, word)]
    }
    const [flag = '', inline] = word.split(/=(.*)/s)
    const value = inline ?? (valueFlags.has(flag) ? args[++index] : undefined)
    if (!preloads.has(flag) || value === undefined) continue
    // A bare name is a package; tracing starts from files, so the package cannot be followed.
    if (!value.startsWith('.')) return undefined
    files.push(place(cwd, value))
  }
  return undefined
}

function isInstalled(file: string): boolean {
  return /(?:^|\/)node_modules\//.test(file)
}

const shells = new Set(['sh', 'bash', 'dash', 'zsh', '.', 'source', 'eval', 'npx', 'tsx', 'ts-node', 'bun', 'deno'])

function place(cwd: string, file: string): string {
  return path.posix.normalize(path.posix.join(cwd, file))
}
