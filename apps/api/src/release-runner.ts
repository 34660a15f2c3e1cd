import { hostname, userInfo } from 'node:os'
import type { EdgeContext, Lease } from '@plimsoll/engine'
import { PlimsollError, type AppName, type CanaryStep, type Problem, type Release, type ReleaseNumber, type Source } from '@plimsoll/model'
import type { NewRelease } from '@plimsoll/store'
import { awaitingPlace, placeAwaiter } from './await-place.ts'
import { contextOf } from './context-of.ts'
import { fenced } from './fenced.ts'
import { ReleaseRun } from './release-run.ts'
import { placed, type PlacedServices, type Services } from './services.ts'
import { findRelease } from './use-cases/watch-release.ts'
import { wayOf, type Kind, type Way } from './way.ts'

/** What is asked for. */
export interface WantedRelease {
  readonly app: AppName
  readonly source: Source
  /** Given for a rollback. */
  readonly backTo?: ReleaseNumber
  /** Refused with `NOTHING_TO_ROLL_BACK` unless this one is live, seen under the lease: nobody goes back from what another has put live meanwhile. */
  readonly whileLive?: ReleaseNumber
  /** Tries it on a share of the visitors first. */
  readonly canary?: readonly CanaryStep[]
  /** Holds requests around its migration. */
  readonly paused?: true
  /** Why it is not tried in a throw-away copy first. */
  readonly unproven?: string
  /** What asks for it, in the trace that it belongs to. */
  readonly traceparent?: string | undefined
  /** How long it is watched once it is live; not at all unless given. */
  readonly watchMs?: number
  readonly waitMs: number
  /** The request that asks for it, where that has a key. No second release is begun by it, and none for somebody who has left. */
  readonly asking?: { readonly askedAs: string; readonly present: () => Promise<void> } | undefined
}

/** Runs releases, one at a time for each app, and sees to it that each ends in a state that is true. */
export interface ReleaseRunner {
  /** Returns when the release has its number and runs. Throws `RELEASE_LOCKED`, and what its place says when it does not answer. */
  start(wanted: WantedRelease, signal: AbortSignal): Promise<Release>
  /** Goes on with every release that was under way when Plimsoll ended. */
  resumeAll(signal: AbortSignal): Promise<void>
  /** Asks a running release to stop and undo itself. Throws `NOT_FOUND` when it does not run. */
  interrupt(app: AppName, release: ReleaseNumber): void
  /** The release of `app` that runs here now. */
  underWay(app: AppName): Release | undefined
  /** Resolves when nothing of `app` runs here any more. */
  ended(app: AppName): Promise<void>
  /** Runs `work` under the app's lease, with no release able to run beside it. */
  exclusively<T>(app: AppName, work: (scope: { readonly lease: Lease; readonly context: EdgeContext }) => Promise<T>, signal: AbortSignal): Promise<T>
  /** The context in which units of an earlier release can be run. Throws `NOT_FOUND`. */
  contextOf(app: AppName, release: ReleaseNumber, signal: AbortSignal): Promise<EdgeContext>
  /** Told why the database cannot be started again, and undefined when it was: a release that waits for it says so. */
  noteDatabase(problem: Problem | undefined): void
  /** Whether nothing runs here. */
  isIdle(): boolean
  /** Resolves when nothing runs any more; what runs is interrupted first if `interrupt` is set. */
  idle(options: { readonly interrupt: boolean }): Promise<void>
}

export interface RunnerEars {
  /** Told each app of which a release begins, or goes on after Plimsoll was away. */
  readonly onBegun?: (app: AppName) => unknown
  /** Told each release that has ended. */
  readonly onSettled: (app: AppName, release: ReleaseNumber) => unknown
}

export function createReleaseRunner(services: Services, ears: RunnerEars): ReleaseRunner {
  return new Runner(services, ears)
}

class Runner implements ReleaseRunner {
  #noDatabase: Problem | undefined
  readonly #running = new Map<AppName, ReleaseRun>()
  readonly #holder = `${userInfo().username}@${hostname()} (process ${process.pid})`
  readonly #services: Services
  readonly #ears: RunnerEars

  constructor(services: Services, ears: RunnerEars) {
    this.#services = services
    this.#ears = ears
  }

  async start(wanted: WantedRelease, signal: AbortSignal): Promise<Release> {
    await this.#afterStandstill(wanted.app)
    const lease = await this.#acquire(wanted.app, wanted.waitMs, signal)
    try {
      const services = await placed(this.#services, wanted.app)
      await this.#assertLive(wanted, signal)
      // A place that is away is told of at once, and costs no number: from now on it is waited for.
      await services.driver.observe(wanted.app, signal)
      await wanted.asking?.present()
      const what = kindOf(wanted)
      const way = wayOf(what, services)
      const release = await services.store.releases.create(newRelease({ ...wanted, ...what }, way, services.clock.now()), wanted.asking)
      this.#launch(services, release, lease)
      return release
    } catch (error) {
      await lease.release()
      throw error
    }
  }

  async resumeAll(signal: AbortSignal): Promise<void> {
    const { store } = this.#services
    for (const { name } of await store.apps.list()) {
      const { releases } = await store.releases.list(name, { limit: 20 })
      const open = releases.find(({ state }) => state === 'releasing')
      if (open !== undefined && !this.#running.has(name)) this.#launch(await placed(this.#services, name), open, await this.#acquire(name, resumeWaitMs, signal))
    }
  }

  interrupt(app: AppName, number: ReleaseNumber): void {
    const found = this.#running.get(app)
    if (found?.release.number !== number) throw new PlimsollError('NOT_FOUND', `Release ${number} of ${app} does not run`)
    found.interrupt(new PlimsollError('INTERRUPTED', `Release ${number} was stopped by request`))
  }

  underWay(app: AppName): Release | undefined {
    return this.#running.get(app)?.release
  }

  async ended(app: AppName): Promise<void> {
    await this.#running.get(app)?.ended
  }

  async exclusively<T>(app: AppName, work: (scope: { readonly lease: Lease; readonly context: EdgeContext }) => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#afterStandstill(app)
    const lease = await this.#acquire(app, 0, signal)
    try {
      const [latest] = (await this.#services.store.releases.list(app, { limit: 1 })).releases
      if (latest === undefined) throw new PlimsollError('NOT_FOUND', `${app} was never released`)
      return await work({ lease, context: contextOf(fenced(await placed(this.#services, app), lease), { release: latest, fence: lease.fence, signal: AbortSignal.any([signal, lease.lost]) }) })
    } finally {
      await lease.release()
    }
  }

  async contextOf(app: AppName, number: ReleaseNumber, signal: AbortSignal): Promise<EdgeContext> {
    const services = awaitingPlace(await placed(this.#services, app), placeAwaiter({ clock: this.#services.clock }))
    return contextOf(services, { release: await findRelease(this.#services, app, number), fence: 0, signal })
  }

  noteDatabase(problem: Problem | undefined): void {
    this.#noDatabase = problem
  }

  isIdle(): boolean {
    return this.#running.size === 0
  }

  async idle({ interrupt }: { readonly interrupt: boolean }): Promise<void> {
    const all = [...this.#running.values()]
    for (const run of all) {
      if (interrupt) run.interrupt(new PlimsollError('INTERRUPTED', 'Plimsoll is stopping'))
      run.leave()
    }
    await Promise.all(all.map(({ ended }) => ended))
  }

  #acquire(app: AppName, waitMs: number, signal: AbortSignal): Promise<Lease> {
    return this.#services.store.leases.acquire(app, { holder: this.#holder, waitMs }, signal)
  }

  #launch(services: PlacedServices, release: Release, lease: Lease): void {
    const { app, number } = release
    services.hub.open(app, number)
    const acquire = (signal: AbortSignal): Promise<Lease> => this.#acquire(app, resumeWaitMs, signal)
    const run = new ReleaseRun({ services, release, way: wayOf(release, services), lease, acquire, whyNoDatabase: () => this.#noDatabase })
    this.#running.set(app, run)
    this.#ears.onBegun?.(app)
    void run.ended.finally(() => {
      this.#running.delete(app)
      this.#ears.onSettled(app, number)
    })
  }

  async #assertLive({ app, whileLive }: WantedRelease, signal: AbortSignal): Promise<void> {
    if (whileLive === undefined) return
    const live = (await this.#services.edge.live(app, signal))?.live.release
    if (live !== whileLive) throw new PlimsollError('NOTHING_TO_ROLL_BACK', `Release ${whileLive} of ${app} is live no longer`)
  }

  /** What stands still has the first word: what it left must be taken back before anything else begins. Throws why it still stands. */
  async #afterStandstill(app: AppName): Promise<void> {
    const problem = await this.#running.get(app)?.goOn()
    if (problem !== undefined) throw problem
  }
}

/** How long the lease of a process that was killed may take to come free. */
const resumeWaitMs = 15_000

function kindOf({ backTo, canary, paused, unproven }: WantedRelease): Kind {
  return { kind: backTo === undefined ? 'release' : 'rollback', ...(canary !== undefined && { canary }), ...(paused && { paused }), ...(unproven !== undefined && { unproven }) }
}

function newRelease({ app, source, backTo, traceparent, watchMs = 0, kind, canary, paused, unproven }: Omit<WantedRelease, keyof Kind> & Kind, way: Way, now: number): NewRelease {
  return {
    app, kind, source, state: 'releasing', startedAt: new Date(now).toISOString(), steps: [...way.labels],
    ...(canary !== undefined && { canary: [...canary] }), ...(paused && { paused }), ...(unproven !== undefined && { unproven }),
    ...(backTo !== undefined && { backTo }),
    ...(traceparent !== undefined && { traceparent }),
    ...(watchMs > 0 && way.isWatched && { watch: { forMs: watchMs, state: 'waiting' as const } }),
  }
}
