import type { AppName, UnitSpec } from '@plimsoll/model'
import { Cron } from 'croner'
import { recallRelease } from './recall-release.ts'
import { followCronRun, forgetEndedRuns, runCronTick, type CronDue, type CronParts, type Waiting } from './cron-run.ts'

/** Runs the cron services of whatever is live, in UTC. */
export interface CronKeeper {
  /** Schedules what the live release of `app` wants, in place of what was scheduled before. What runs goes on, whichever release it is of. */
  refresh(app: AppName): Promise<void>
  /** Waits for what ran when Plimsoll ended, so that it is known how it ends and nothing runs beside it, and forgets what had ended. To be called before anything is due. */
  adopt(app: AppName): Promise<void>
  /** Runs a tick; while an earlier one runs, as soon as that has ended. Of several that come meanwhile, the last. */
  due(tick: CronDue): void
  /** Names of the services that are scheduled. */
  scheduled(app: AppName): readonly string[]
  /** Schedules nothing more for `app`, ends what runs of it, and resolves when it has ended. */
  end(app: AppName): Promise<void>
  /** Schedules nothing more. What runs is ended first, or left to the next start of Plimsoll. */
  close(options: { readonly endRuns: boolean }): Promise<void>
}

interface Going {
  readonly app: AppName
  readonly stop: AbortController
  readonly done: Promise<void>
  /** A tick that came meanwhile. */
  delayed?: CronDue
}

export function createCronKeeper(parts: CronParts): CronKeeper {
  return new Keeper(parts)
}

class Keeper implements CronKeeper {
  readonly #parts: CronParts
  readonly #scheduled = new Map<AppName, { readonly service: string; readonly job: Cron }[]>()
  /** `<app>/<service>` → its run. */
  readonly #going = new Map<string, Going>()
  #closed = false

  constructor(parts: CronParts) {
    this.#parts = parts
  }

  async refresh(app: AppName): Promise<void> {
    const { edge, store } = this.#parts.services
    this.#unschedule(app)
    const live = (await edge.live(app, AbortSignal.timeout(10_000)))?.live.release
    if (live === undefined || this.#closed) return
    const { specs } = await recallRelease(store, { app, release: live })
    this.#scheduled.set(app, specs.flatMap((spec) => (spec.schedule === undefined ? [] : [{ service: spec.service, job: this.#schedule(app, spec, spec.schedule) }])))
  }

  async adopt(app: AppName): Promise<void> {
    for (const run of await this.#parts.services.store.cronRuns.running(app)) {
      this.#begin(run, (waiting) => followCronRun(this.#parts, run, waiting))
    }
    await forgetEndedRuns(this.#parts, app, AbortSignal.timeout(30_000))
  }

  due(tick: CronDue): void {
    const going = this.#going.get(keyOf(tick))
    if (going !== undefined) going.delayed = tick
    else if (!this.#closed) this.#begin(tick, (waiting) => runCronTick(this.#parts, tick, waiting))
  }

  scheduled(app: AppName): readonly string[] {
    return (this.#scheduled.get(app) ?? []).map(({ service }) => service)
  }

  async end(app: AppName): Promise<void> {
    this.#unschedule(app)
    await Promise.all([...this.#going.values()].filter((going) => going.app === app).map(endRun))
  }

  async close({ endRuns }: { readonly endRuns: boolean }): Promise<void> {
    this.#closed = true
    for (const app of this.#scheduled.keys()) this.#unschedule(app)
    if (endRuns) await Promise.all([...this.#going.values()].map(endRun))
  }

  #begin(due: CronDue, work: (waiting: Waiting) => Promise<void>): void {
    const stop = new AbortController()
    const done = work({ signal: stop.signal, leaves: () => this.#closed && !stop.signal.aborted })
      // What is ended on purpose is no failure.
      .catch((error: unknown) => (stop.signal.aborted ? undefined : this.#parts.report(error)))
      .finally(() => {
        this.#going.delete(keyOf(due))
        if (going.delayed !== undefined && !stop.signal.aborted) this.due(going.delayed)
      })
    const going: Going = { app: due.app, stop, done }
    this.#going.set(keyOf(due), going)
  }

  #schedule(app: AppName, { service }: UnitSpec, pattern: string): Cron {
    return new Cron(pattern, { timezone: 'UTC', unref: true }, (job: Cron) => this.due({ app, service, tick: (job.currentRun() ?? new Date()).toISOString() }))
  }

  #unschedule(app: AppName): void {
    for (const { job } of this.#scheduled.get(app) ?? []) job.stop()
    this.#scheduled.delete(app)
  }
}

function keyOf({ app, service }: Pick<CronDue, 'app' | 'service'>): string {
  return `${app}/${service}`
}

async function endRun({ stop, done }: Going): Promise<void> {
  stop.abort(new Error('the app is taken down'))
  await done
}
