import { hostname, userInfo } from 'node:os'
import { blueGreen, goBack, keptIn, runSteps, type AnyStep, type EdgeContext, type Journal, type Lease } from '@plimsoll/engine'
import { PlimsollError, type AppName, type LogLine, type Outcome, type Release, type ReleaseNumber, type ReleaseState, type Source, type Traffic } from '@plimsoll/model'
import type { NewRelease } from '@plimsoll/store'
import { findRelease } from './use-cases/watch-release.ts'
import { createWiring } from './wiring.ts'
import type { Services } from './services.ts'

/** Which list of steps each kind of release runs. */
const pipelines: Record<Release['kind'], readonly AnyStep<EdgeContext>[]> = { release: blueGreen.steps, rollback: goBack.steps }

/** What is asked for. */
export interface WantedRelease {
  readonly app: AppName
  readonly source: Source
  /** Given for a rollback. */
  readonly backTo?: ReleaseNumber
  readonly waitMs: number
}

/** Runs releases, one at a time for each app, and sees to it that each ends in a state that is true. */
export interface ReleaseRunner {
  /** Returns when the release has its number and runs. Throws `RELEASE_LOCKED`. */
  start(wanted: WantedRelease, signal: AbortSignal): Promise<Release>
  /** Goes on with every release that was under way when Plimsoll ended. */
  resumeAll(signal: AbortSignal): Promise<void>
  /** Asks a running release to stop and undo itself. Throws `NOT_FOUND` when it does not run. */
  interrupt(app: AppName, release: ReleaseNumber): void
  /** The release of `app` that runs here now. */
  underWay(app: AppName): Release | undefined
  /** Runs `work` under the app's lease, with no release able to run beside it. */
  exclusively<T>(app: AppName, work: (scope: { readonly lease: Lease; readonly context: EdgeContext }) => Promise<T>, signal: AbortSignal): Promise<T>
  /** The context in which units of an earlier release can be run. Throws `NOT_FOUND`. */
  contextOf(app: AppName, release: ReleaseNumber, signal: AbortSignal): Promise<EdgeContext>
  /** Resolves when nothing runs any more; what runs is interrupted first if `interrupt` is set. */
  idle(options: { readonly interrupt: boolean }): Promise<void>
}

interface Running {
  readonly release: Release
  readonly stop: AbortController
  readonly ended: Promise<void>
}

export function createReleaseRunner(services: Services, { onSettled }: { readonly onSettled: (app: AppName) => unknown }): ReleaseRunner {
  const running = new Map<AppName, Running>()
  const { store, clock, hub } = services
  const holder = `${userInfo().username}@${hostname()} (process ${process.pid})`

  async function start(wanted: WantedRelease, signal: AbortSignal): Promise<Release> {
    const lease = await store.leases.acquire(wanted.app, holder, { waitMs: wanted.waitMs }, signal)
    try {
      const release = await store.releases.create(newRelease(wanted, clock.now()))
      launch(release, lease)
      return release
    } catch (error) {
      await lease.release()
      throw error
    }
  }

  function launch(release: Release, lease: Lease): void {
    const stop = new AbortController()
    hub.open(release.app, release.number)
    const ended = run(release, lease, stop.signal).finally(() => running.delete(release.app))
    running.set(release.app, { release, stop, ended })
  }

  async function run(release: Release, lease: Lease, interrupted: AbortSignal): Promise<void> {
    let settled = release
    try {
      const outcome = await runSteps({
        steps: pipelines[release.kind], clock, interrupted, lost: lease.lost,
        journal: redacting(services, store.journalOf(release.app, release.number, lease.fence)),
        context: (signal) => contextOf(services, { release, fence: lease.fence, signal }),
      })
      settled = await settle(services, { release, fence: lease.fence, outcome })
    } catch (error) {
      // The lease or the database is lost: what was written so far is the truth, and the next start goes on from there.
      say(services, release, error instanceof Error ? error.message : String(error))
    } finally {
      await lease.release()
      hub.settle(settled)
      onSettled(release.app)
    }
  }

  async function resumeAll(signal: AbortSignal): Promise<void> {
    for (const { name } of await store.apps.list()) {
      const { releases } = await store.releases.list(name, { limit: 20 })
      const open = releases.find(({ state }) => state === 'releasing')
      if (open !== undefined) launch(open, await store.leases.acquire(name, holder, { waitMs: 15_000 }, signal))
    }
  }

  async function exclusively<T>(app: AppName, work: (scope: { lease: Lease; context: EdgeContext }) => Promise<T>, signal: AbortSignal): Promise<T> {
    const lease = await store.leases.acquire(app, holder, { waitMs: 0 }, signal)
    try {
      const { releases } = await store.releases.list(app, { limit: 1 })
      const [latest] = releases
      if (latest === undefined) throw new PlimsollError('NOT_FOUND', `${app} was never released`)
      return await work({ lease, context: contextOf(services, { release: latest, fence: lease.fence, signal: AbortSignal.any([signal, lease.lost]) }) })
    } finally {
      await lease.release()
    }
  }

  return {
    start, resumeAll, exclusively,
    contextOf: async (app, number, signal) => contextOf(services, { release: await findRelease(services, app, number), fence: 0, signal }),
    underWay: (app) => running.get(app)?.release,
    interrupt(app, number) {
      const found = running.get(app)
      if (found?.release.number !== number) throw new PlimsollError('NOT_FOUND', `Release ${number} of ${app} does not run`)
      found.stop.abort(new PlimsollError('INTERRUPTED', `Release ${number} was stopped by request`))
    },
    async idle({ interrupt }) {
      if (interrupt) for (const { stop } of running.values()) stop.abort(new PlimsollError('INTERRUPTED', 'Plimsoll is stopping'))
      await Promise.all([...running.values()].map(({ ended }) => ended))
    },
  }
}

function newRelease({ app, source, backTo }: WantedRelease, now: number): NewRelease {
  const kind = backTo === undefined ? 'release' : 'rollback'
  return {
    app, kind, source, state: 'releasing', startedAt: new Date(now).toISOString(),
    steps: pipelines[kind].map(({ name, title, pointOfNoReturn }) => ({ name, title, ...(pointOfNoReturn && { pointOfNoReturn }) })),
    ...(backTo !== undefined && { backTo }),
  }
}

function contextOf(services: Services, scope: { readonly release: Release; readonly fence: number; readonly signal: AbortSignal }): EdgeContext {
  const { driver, edge, clock, probe, checks, gate, listening, store, hub, secrets } = services
  const { release } = scope
  return {
    ...scope, app: release.app, driver, edge, clock, probe, checks, gate, listening,
    wiring: createWiring(services, release.app, release.source),
    memory: {
      recall: async (number) => keptIn(await store.journalOf(release.app, number, scope.fence).read(), { app: release.app, release: number }),
    },
    output: (line) => hub.line(release.app, release.number, { ...line, text: secrets.redact(line.text) }),
  }
}

/** Secrets leave by no other door: what a step gives holds none, and a problem is cleaned before it is written. */
function redacting({ secrets }: Services, journal: Journal): Journal {
  return {
    read: () => journal.read(),
    append: (seq, entry) => journal.append(seq, 'problem' in entry ? { ...entry, problem: secrets.redactAll(entry.problem) } : entry),
  }
}

/** Writes down how the release ended, and what that makes of the others, as the edge tells it. */
async function settle(services: Services, end: { readonly release: Release; readonly fence: number; readonly outcome: Outcome }): Promise<Release> {
  const { store, edge, clock, secrets } = services
  const { app, number } = end.release
  const traffic = await edge.live(app, AbortSignal.timeout(10_000))
  await restate(services, { app, fence: end.fence, traffic, except: number })
  return store.releases.update({ app, number, fence: end.fence }, {
    state: stateAfter(end.release, end.outcome, traffic), outcome: secrets.redactAll(end.outcome), endedAt: new Date(clock.now()).toISOString(),
  })
}

function stateAfter(release: Release, outcome: Outcome, traffic: Traffic | undefined): ReleaseState {
  if (outcome.is === 'completed') return release.kind === 'rollback' ? 'completed' : stateInTraffic(release.number, traffic)
  return outcome.is
}

function stateInTraffic(number: ReleaseNumber, traffic: Traffic | undefined): ReleaseState {
  if (traffic?.live.release === number) return 'live'
  return traffic?.previous.some(({ release }) => release === number) ? 'previous' : 'retired'
}

/** Brings the state of every release that serves, or did until now, in line with the edge. */
export async function restate(services: Pick<Services, 'store'>, facts: { readonly app: AppName; readonly fence: number; readonly traffic: Traffic | undefined; readonly except?: ReleaseNumber }): Promise<void> {
  const { store } = services
  const { releases } = await store.releases.list(facts.app, { limit: 50 })
  for (const { number, state } of releases) {
    const served = state === 'live' || state === 'previous' || (state === 'retired' && stateInTraffic(number, facts.traffic) !== 'retired')
    const now = stateInTraffic(number, facts.traffic)
    if (number !== facts.except && served && now !== state) await store.releases.update({ app: facts.app, number, fence: facts.fence }, { state: now })
  }
}

function say({ hub, clock, secrets }: Services, release: Release, text: string): void {
  const service = 'plimsoll' as LogLine['service']
  hub.line(release.app, release.number, { at: new Date(clock.now()).toISOString(), service, release: release.number, stream: 'plimsoll', text: secrets.redact(text) })
}
