import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createMarkedProcesses, prepareToolchain, runGit } from '@plimsoll/drivers'
import type { AppName } from '@plimsoll/model'
import type { SuiteWorld } from '@plimsoll/verify'
import type { Config } from '../config.ts'
import { systemClock } from '../system-clock.ts'

/** What a repository's own commands run in: as its builds do, with nothing of what Plimsoll itself was started with. */
export interface SuiteWorlds {
  environment(): Promise<Readonly<Record<string, string>>>
  /** For suites of the repository at `root`; `scratch` is made. */
  open(root: string, scratch: string): Promise<SuiteWorld>
  /** Where it is remembered what the tests of an app did. */
  historyFile(app: AppName): string
}

export function suiteWorlds({ home, machine }: Pick<Config, 'home' | 'machine'>): SuiteWorlds {
  const environment = async () => (await prepareToolchain({ home, machine, node: process.execPath })).environment
  return {
    environment,
    async open(root, scratch) {
      await mkdir(scratch, { recursive: true, mode: 0o700 })
      return { clock: systemClock, environment: await environment(), scratch, processes: createMarkedProcesses(systemClock), git: (args, signal) => runGit(root, args, signal) }
    },
    historyFile: (app) => join(home, 'suites', `${app}.json`),
  }
}
