import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createMarkedProcesses, prepareToolchain } from '@plimsoll/drivers'
import { isPlimsollError, type AppName } from '@plimsoll/model'
import { runGit } from '@plimsoll/repository'
import { removeSuites, type SuiteWorld } from '@plimsoll/verify'
import type { Config } from '../config.ts'
import { systemClock } from '../system-clock.ts'

/** What a repository's own commands run in: as its builds do, with nothing of what Plimsoll itself was started with. */
export interface SuiteWorlds {
  environment(): Promise<Readonly<Record<string, string>>>
  /** For suites of the repository at `root`; `scratch` is made. Commands find `traceparent` as TRACEPARENT. */
  open(root: string, scratch: string, traceparent?: string): Promise<SuiteWorld>
  /** Ends what suites of a verification that was cut off left running, and removes what they wrote. Twice is once. */
  remove(scratch: string, signal: AbortSignal): Promise<void>
  /** Where it is remembered what the tests of an app did. */
  historyFile(app: AppName): string
}

/** Where the suites of a verification write: browsers make sockets below it, and the path to a socket must be short, whatever the home is called. */
export function suitesOf(id: string): string {
  return join(tmpdir(), `plimsoll-v-${id}-suites`)
}

export function suiteWorlds({ home, machine }: Pick<Config, 'home' | 'machine'>): SuiteWorlds {
  const environment = async (): Promise<Readonly<Record<string, string>>> => {
    try {
      return (await prepareToolchain({ home, machine, node: process.execPath })).environment
    } catch (error) {
      // Plimsoll's own image has no package manager. A suite that wants one says so, and what needs none is asked without.
      if (!isPlimsollError(error) || error.code !== 'TOOL_MISSING') throw error
      return { PATH: [dirname(process.execPath), machine['PATH'] ?? ''].join(delimiter), HOME: home }
    }
  }
  const processes = createMarkedProcesses(systemClock)
  return {
    environment,
    async open(root, scratch, traceparent) {
      await mkdir(scratch, { recursive: true, mode: 0o700 })
      return { clock: systemClock, environment: { ...(await environment()), ...(traceparent !== undefined && { TRACEPARENT: traceparent }) }, scratch, processes, git: (args, signal) => runGit(root, args, signal) }
    },
    remove: (scratch, signal) => removeSuites({ processes, scratch }, signal),
    historyFile: (app) => join(home, 'suites', `${app}.json`),
  }
}
