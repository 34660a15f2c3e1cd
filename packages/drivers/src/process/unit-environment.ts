import type { Address } from '@plimsoll/model'
import { join } from 'node:path'

/** What this machine gives to every command, whatever it is for. */
export interface Platform {
  /** The shell that runs the user's own command lines. */
  readonly shell: string
  /** Absolute path of the `node` that commands find first. */
  readonly nodePath: string
  /** Directories of further tools, searched after Node's own and before the system's. */
  readonly toolDirectories: readonly string[]
}

export interface EnvironmentRequest {
  readonly platform: Platform
  /** The unit's directory, which holds its HOME and TMPDIR. */
  readonly directory: string
  readonly given: Readonly<Record<string, string>>
  readonly address?: Address | undefined
}

const systemPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/**
 * The environment of one process: what the Blueprint says over what the platform provides.
 * Nothing of Plimsoll's own environment leaks into a unit.
 */
export function unitEnvironment(request: EnvironmentRequest): Record<string, string> {
  const { platform, directory, given, address } = request
  return {
    LANG: 'C.UTF-8',
    HOME: homeDirectory(directory),
    TMPDIR: temporaryDirectory(directory),
    ...given,
    PATH: searchPath(platform, given['PATH']),
    ...(address !== undefined && { PORT: String(address.port) }),
  }
}

/** A command line as arguments. Bash hands the process over to a single command, where dash stays as its parent. */
export function shellCommand(platform: Platform, line: string): readonly [string, ...string[]] {
  return [platform.shell, '-c', line]
}

export function homeDirectory(directory: string): string {
  return join(directory, 'home')
}

export function temporaryDirectory(directory: string): string {
  return join(directory, 'tmp')
}

function searchPath({ nodePath, toolDirectories }: Platform, given: string | undefined): string {
  return [join(nodePath, '..'), ...toolDirectories, ...(given === undefined ? systemPath : [given])].join(':')
}
