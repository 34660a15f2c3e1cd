import { runnableUnits, type EdgeContext } from '@plimsoll/engine'
import { serviceNameSchema, unitName, type AppName, type LogLine, type ReleaseNumber, type UnitName } from '@plimsoll/model'
import type { CronRun, CronTick } from '@plimsoll/store'
import { placed, type Services } from './services.ts'

export interface CronParts {
  readonly services: Services
  /** The context in which units of a release can be run. */
  readonly contextFor: (app: AppName, release: ReleaseNumber, signal: AbortSignal) => Promise<EdgeContext>
  readonly report: (error: unknown) => void
  /** Told what a run prints and how it ended. */
  readonly output: (app: AppName, line: LogLine) => void
}

/** When a run is not waited for any more. */
export interface Waiting {
  /** Fires when the run is not wanted: it is ended. */
  readonly signal: AbortSignal
  /** Whether Plimsoll is on its way out: what runs goes on, and the next start of Plimsoll waits for its end. */
  readonly leaves: () => boolean
}

/** What the schedule asks for. */
export interface CronDue {
  readonly app: AppName
  readonly service: string
  /** ISO, when it was due. */
  readonly tick: string
}

/** Longest that Render lets a cron run: 12 hours. */
const longestRunMs = 12 * 3_600_000

/** How often it is looked whether a pause is over: a job begun in the middle of one would meet the change that it is for. */
const pausedMs = 500

/**
 * Runs one tick with the release that is live by then, after what still runs of the service has ended. The claim is a row that
 * only one of all callers can write, so a tick is never run twice, and never beside another run.
 */
export async function runCronTick(parts: CronParts, { app, service, tick }: CronDue, waiting: Waiting): Promise<void> {
  const { edge, store, clock } = parts.services
  const due: CronTick = { app, service: serviceNameSchema.parse(service), tick }
  while (!waiting.signal.aborted && !waiting.leaves()) {
    const release = (await edge.live(app, waiting.signal))?.live.release
    if (release === undefined) return
    if ((await edge.holds(app, waiting.signal)).pause !== undefined) {
      await clock.sleep(pausedMs, waiting.signal)
      continue
    }
    const begin = { startedAt: new Date(clock.now()).toISOString(), release }
    const claim = await store.cronRuns.claim(due, begin)
    if (claim === 'already-ran') return
    if (claim === 'claimed') return followCronRun(parts, { ...due, ...begin, state: 'running' }, waiting)
    const before = (await store.cronRuns.running(app)).find((run) => run.service === due.service)
    if (before !== undefined) await followCronRun(parts, before, waiting)
  }
}

/** Waits for the end of a run that was claimed, beginning it if that has not been done, and writes down how it ended. Twice is once. */
export async function followCronRun(parts: CronParts, run: CronRun, waiting: Waiting): Promise<void> {
  const { services: { store, clock }, output } = parts
  const finish = (end: { readonly exitCode: number | null; readonly lost?: boolean }) => store.cronRuns.finish(run, { ...end, endedAt: new Date(clock.now()).toISOString() })
  const left = Date.parse(run.startedAt) + longestRunMs - clock.now()
  const signal = AbortSignal.any([waiting.signal, AbortSignal.timeout(Math.max(0, left))])
  try {
    const found = await unitOf(parts, run, signal)
    if (found === undefined) return await finish({ exitCode: null, lost: true })
    const { unit, command, driver } = found
    const once = { name: `cron ${run.tick}`, whenLost: 'tell' } as const
    const end = await driver.exec({ ...unit, command, once, output: (line) => output(run.app, line) }, signal)
    // The next start of Plimsoll asks the driver for this end: forgetting it here would have the command run again.
    if (waiting.leaves()) return
    await finish({ exitCode: end.code, lost: end.code === null && end.signal === null })
    // Its end is written down: nothing needs to remember it any more.
    await driver.stop(run.app, unit.unit, 0, signal)
  } catch (error) {
    if (waiting.leaves()) return
    await finish({ exitCode: null })
    throw error
  }
}

/** Newest runs that are looked at: the one that was being forgotten when Plimsoll died is among them. */
const recentRuns = 10

/** Takes away what a run that ended has left in its place, where Plimsoll died between writing its end down and forgetting it. Twice is once. */
export async function forgetEndedRuns({ services }: Pick<CronParts, 'services'>, app: AppName, signal: AbortSignal): Promise<void> {
  const { store, driver } = await placed(services, app)
  const recent = await store.cronRuns.list(app, recentRuns)
  const going = new Set(recent.filter(({ state }) => state === 'running').map(unitNameOf))
  const ended = new Map(recent.filter((run) => !going.has(unitNameOf(run))).map((run) => [unitNameOf(run), run]))
  for (const [name, { service, release }] of ended) {
    if (name !== undefined && release !== undefined) await driver.stop(app, { name, service, release }, 0, signal)
  }
}

function unitNameOf({ app, service, release }: CronRun): UnitName | undefined {
  return release === undefined ? undefined : unitName(app, service, release)
}

async function unitOf({ contextFor }: CronParts, { app, service, release }: CronRun, signal: AbortSignal) {
  if (release === undefined) return undefined
  const context = await contextFor(app, release, signal)
  const unit = (await runnableUnits(context, await context.memory.recall(release))).find(({ spec }) => spec.service === service)
  const command = unit?.spec.startCommand
  return unit === undefined || command === undefined ? undefined : { unit, command, driver: context.driver }
}
