import { keptIn, runnableUnits, type EdgeContext } from '@plimsoll/engine'
import { serviceNameSchema, type AppName, type LogLine, type ReleaseNumber, type UnitSpec } from '@plimsoll/model'
import { Cron } from 'croner'
import type { Services } from './services.ts'

/** Runs the cron services of whatever is live, in UTC. */
export interface CronKeeper {
  /** Schedules what the live release of `app` wants, in place of what was scheduled before. */
  refresh(app: AppName): Promise<void>
  /** Names of the services that are scheduled. */
  scheduled(app: AppName): readonly string[]
  /** Schedules nothing more, ends what runs, and resolves when it has ended. */
  close(): Promise<void>
}

export interface CronParts {
  readonly services: Services
  /** The context in which units of a release can be run. */
  readonly contextFor: (app: AppName, release: ReleaseNumber, signal: AbortSignal) => Promise<EdgeContext>
  readonly report: (error: unknown) => void
  /** Told what a run prints and how it ended. */
  readonly output: (app: AppName, line: LogLine) => void
}

/** Longest that Render lets a cron run: 12 hours. */
const longestRunMs = 12 * 3_600_000

export function createCronKeeper(parts: CronParts): CronKeeper {
  const { services } = parts
  const scheduled = new Map<AppName, { readonly service: string; readonly job: Cron }[]>()
  const closing = new AbortController()
  const runs = new Set<Promise<void>>()

  function stop(app: AppName): void {
    for (const { job } of scheduled.get(app) ?? []) job.stop()
    scheduled.delete(app)
  }

  async function refresh(app: AppName): Promise<void> {
    stop(app)
    const live = (await services.edge.live(app, AbortSignal.timeout(10_000)))?.live.release
    if (live === undefined || closing.signal.aborted) return
    const { specs } = keptIn(await services.store.journalOf(app, live, 0).read(), { app, release: live })
    const jobs = specs.flatMap((spec) => (spec.schedule === undefined ? [] : [{ service: spec.service, job: schedule(app, spec, spec.schedule) }]))
    scheduled.set(app, jobs)
  }

  function schedule(app: AppName, spec: UnitSpec, pattern: string): Cron {
    return new Cron(pattern, { timezone: 'UTC', unref: true }, (job: Cron) => {
      const tick = (job.currentRun() ?? new Date()).toISOString()
      const run = runCronTick(parts, { app, service: spec.service, tick }, closing.signal).catch(parts.report).finally(() => runs.delete(run))
      runs.add(run)
    })
  }

  return {
    refresh,
    scheduled: (app) => (scheduled.get(app) ?? []).map(({ service }) => service),
    async close() {
      closing.abort(new Error('Plimsoll is stopping'))
      for (const app of scheduled.keys()) stop(app)
      await Promise.all(runs)
    },
  }
}

/** One tick. The claim is a row that only one of all callers can write, so it is never run twice, and never beside another run. */
export async function runCronTick(parts: CronParts, due: { readonly app: AppName; readonly service: string; readonly tick: string }, signal: AbortSignal): Promise<void> {
  const { services, contextFor, output } = parts
  const { store, clock, edge, driver } = services
  const tick = { app: due.app, service: serviceNameSchema.parse(due.service), tick: due.tick }
  if ((await store.cronRuns.claim(tick, now(clock))) !== 'claimed') return
  let exitCode: number | null = null
  try {
    // Asked only now: the release that is live at the tick is the one that runs.
    const live = (await edge.live(due.app, signal))?.live.release
    if (live === undefined) return
    const limited = AbortSignal.any([signal, AbortSignal.timeout(longestRunMs)])
    const context = await contextFor(due.app, live, limited)
    const unit = (await runnableUnits(context, await context.memory.recall(live))).find(({ spec }) => spec.service === due.service)
    const command = unit?.spec.startCommand
    if (unit === undefined || command === undefined) return
    exitCode = (await driver.exec({ ...unit, command, output: (line) => output(due.app, line) }, limited)).code
  } finally {
    await store.cronRuns.finish(tick, { endedAt: now(clock), exitCode })
  }
}

function now(clock: Services['clock']): string {
  return new Date(clock.now()).toISOString()
}
