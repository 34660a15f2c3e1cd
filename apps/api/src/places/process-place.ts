import { createBuilder, createKeyValues, createProcessDriver, describeListening, forgetApp, toolDirectories } from '@plimsoll/drivers'
import { appDatabases, copyDatabases, type EmbeddedPostgres, type Store } from '@plimsoll/store'
import { createProbe } from '@plimsoll/verify'
import type { Reach } from '@plimsoll/engine'
import type { Config } from '../config.ts'
import { systemClock } from '../system-clock.ts'
import { cloneDatabases } from './clone-databases.ts'
import { assertProcessesCanRun } from './process-limits.ts'
import { processResources } from './process-resources.ts'
import type { RunningPlace } from './running-place.ts'

export interface ProcessPlaceParts {
  readonly config: Config
  readonly store: Store
  /** The embedded server, if there is one: it has the apps' databases too. */
  readonly postgres: EmbeddedPostgres | undefined
  readonly report: (error: unknown) => void
  /** Whether units are started by this process: then what their commands call is put in its place. */
  readonly startsUnits: boolean
}

/** Processes of this machine, with the embedded PostgreSQL and key-value servers of its own. */
export async function processPlace({ config, store, postgres, report, startsUnits }: ProcessPlaceParts): Promise<RunningPlace> {
  const { home, machine } = config
  const builder = createBuilder({ home, machine })
  const driver = createProcessDriver({ home, builder, clock: systemClock, nodePath: process.execPath, toolDirectories: startsUnits ? await toolDirectories(home, machine['PATH']) : [], report })
  const keyValues = createKeyValues({ home, clock: systemClock, searchPath: machine['PATH'], report })
  return {
    place: {
      driver,
      resources: processResources({ databases: postgres === undefined ? undefined : appDatabases({ server: postgres, store }), keyValues }),
      listening: describeListening, reach: reachHere, assertRunnable: assertProcessesCanRun, pinImages: async (_app, specs) => specs,
      copies: postgres === undefined ? undefined : copyDatabases({ server: postgres }), clones: postgres === undefined ? undefined : cloneDatabases({ store, reach: async () => postgres.address }), sharesLoopback: true,
      forget: (app) => forgetApp({ home, clock: systemClock }, app), pruneBuilds: (request) => builder.prune(request),
    },
    async supervise(signal) {
      await Promise.all([builder.sweep(), keyValues.supervise(signal), driver.superviseUnits(signal)])
    },
    stopResources: (signal) => keyValues.stop(signal),
    async close() {
      await Promise.all([driver.close(), keyValues.close()])
    },
  }
}

const probe = createProbe()
const loopback = '127.0.0.1'
const reachMs = 3_000

/** Processes are where Plimsoll is. */
async function reachHere({ address }: Parameters<RunningPlace['place']['reach']>[0], signal: AbortSignal): Promise<Reach | undefined> {
  return address.host === loopback ? probe.tcp({ address, timeoutMs: reachMs }, signal) : undefined
}
