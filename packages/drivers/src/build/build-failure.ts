import { PlimsollError, type ServiceName } from '@plimsoll/model'
import type { ShellExit } from './run-shell.ts'

export interface FailedCommand {
  readonly service: ServiceName
  readonly command: string
  readonly exit: ShellExit
  /** The last lines that it printed. */
  readonly log: readonly string[]
  /** Where the whole output lies. */
  readonly logFile: string
}

const diskFull = /\bENOSPC\b|\bEDQUOT\b/
/** Codes by which pnpm, npm, Yarn and Node say that a host was not reached. */
const offline = /\b(?:ENOTFOUND|EAI_AGAIN|ENETUNREACH|ENETDOWN|EHOSTUNREACH|ERR_PNPM_META_FETCH_FAIL|ERR_PNPM_NO_OFFLINE_TARBALL|ERR_PNPM_FETCH_FAIL)\b/
const registryRefused = /\bECONNREFUSED\b/
const installing = /\b(?:pnpm|npm|yarn|bun)\b.*\b(?:i|ci|install|add)\b/

/** Says what a failed build command failed of: the disk, the network, or itself. */
export function buildFailure({ service, command, exit, log, logFile }: FailedCommand): PlimsollError {
  const last = log.slice(-50)
  const details = { service, command, exitCode: exit.code, exitSignal: exit.signal, logFile, log: last }
  if (last.some((line) => diskFull.test(line))) {
    return new PlimsollError('DISK_FULL', `${service}: the disk filled up during the build`, { hint: 'df -h, then free some space and release again', details })
  }
  if (last.some((line) => offline.test(line) || (registryRefused.test(line) && installing.test(command) && /registry/i.test(line)))) {
    return new PlimsollError('OFFLINE', `${service}: the build could not reach the package registry`, {
      hint: 'check the network, then release again; packages that are already in the store need none',
      details,
    })
  }
  const ending = exit.signal === null ? `exit status ${exit.code}` : `signal ${exit.signal}`
  return new PlimsollError('BUILD_FAILED', `${service}: buildCommand ended with ${ending}`, { hint: hintFor(exit, last, command), details })
}

function hintFor(exit: ShellExit, log: readonly string[], command: string): string {
  if (exit.code === 127) return 'a program of buildCommand is not on PATH: install it, or correct buildCommand in the Blueprint'
  if (exit.signal === 'SIGKILL' || exit.code === 137) return 'the machine probably ran out of memory: free some, or build fewer services at once'
  if (log.some((line) => line.includes('ERR_PNPM_OUTDATED_LOCKFILE'))) return 'pnpm install, then commit pnpm-lock.yaml'
  return `run it by hand where render.yaml lies: ${command}`
}
