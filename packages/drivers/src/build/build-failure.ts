import { dirname } from 'node:path'
import { PlimsollError, type ServiceName } from '@plimsoll/model'
import type { ShellExit } from './run-shell.ts'
import { unreached } from './unreached.ts'

export interface FailedCommand {
  readonly service: ServiceName
  readonly command: string
  readonly exit: ShellExit
  /** The last lines that it printed. */
  readonly log: readonly string[]
  /** Where the whole output lies. */
  readonly logFile: string
}

/** Node's codes, and the words of everything that is written in C. */
const diskFull = /\bENOSPC\b|\bEDQUOT\b|\bNo space left on device\b|\bDisk quota exceeded\b/
/** Says what a failed build command failed of: the disk, the network, or itself. */
export function buildFailure({ service, command, exit, log, logFile }: FailedCommand): PlimsollError {
  const last = log.slice(-50)
  const details = { service, command, exitCode: exit.code, exitSignal: exit.signal, logFile, log: last }
  if (last.some((line) => diskFull.test(line))) {
    return new PlimsollError('DISK_FULL', `${service}: the disk filled up during the build`, { hint: spaceHint(logFile), details })
  }
  const host = unreached(command, last)
  if (host !== undefined) {
    return new PlimsollError('OFFLINE', `${service}: the build could not reach ${host}`, {
      hint: 'Nothing live was touched. Check the network, and the registry in .npmrc, then release again.',
      details,
    })
  }
  const ending = exit.signal === null ? `exit status ${exit.code}` : `signal ${exit.signal}`
  return new PlimsollError('BUILD_FAILED', `${service}: buildCommand ended with ${ending}`, { hint: hintFor(exit, last, command), details })
}

/** What to do about a full disk; `within` is a path on it. */
export function spaceHint(within: string): string {
  return `Nothing live was touched. Free some space, then release again. To see what is full: df -h ${dirname(within)}`
}

function hintFor(exit: ShellExit, log: readonly string[], command: string): string {
  if (exit.code === 127) return 'a program of buildCommand is not on PATH: install it, or correct buildCommand in the Blueprint'
  if (exit.signal === 'SIGKILL' || exit.code === 137) return 'the machine probably ran out of memory: free some, or build fewer services at once'
  if (log.some((line) => line.includes('ERR_PNPM_OUTDATED_LOCKFILE'))) return 'pnpm install, then commit pnpm-lock.yaml'
  return `run it by hand where render.yaml lies: ${command}`
}
