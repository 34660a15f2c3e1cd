import { PlimsollError, withCutOff, type AppName, type ReleaseNumber, type Room, type Traffic } from '@plimsoll/model'
import { isDeepStrictEqual } from 'node:util'
import type { Counters, DrainReport, DrainRequest, Edge, PublishRequest, UnitCounters } from '../edge.ts'
import { fakeHolds } from './fake-holds.ts'
import { createFaults, type Faults } from './faults.ts'

export interface FakeEdge extends Edge {
  readonly failNext: Faults<keyof Edge>['failNext']
  /** Every value that became the app's whole truth, oldest first. */
  history(app: AppName): readonly Traffic[]
  readonly published: readonly PublishRequest[]
  readonly drained: readonly DrainRequest[]
  /** What was asked of `pause`, oldest first. */
  readonly pauses: readonly ('paused' | 'resumed')[]
  /** How many requests `quiesce` reports as left from now on. */
  leaves(requests: number): void
  readonly tidied: readonly Room[]
  /** The edges of several that `shift` reports as away from now on. */
  misses(away: readonly string[]): void
  /** What `drain` reports from now on. */
  drainsWith(report: Partial<DrainReport>): void
  /** Adds to the counts of `<release>/<service>`, as served requests do. */
  count(app: AppName, unit: string, more: Partial<UnitCounters>): void
  /** Called from now on before counts are read, as users come by between two looks. */
  beforeCounting(come: () => void): void
}

const bucketsMs = [10, 50, 100, 500, 1000, 5000]

/** An edge without sockets: same fencing, same one-value truth. `portsTaken` belong to somebody else. */
export function fakeEdge(options: { readonly portsTaken?: readonly number[] } = {}): FakeEdge {
  const table = fakeTable(options.portsTaken ?? [])
  const counts = fakeCounts()
  const held = fakeHolds()
  const published: PublishRequest[] = []
  const drained: DrainRequest[] = []
  const tidied: Room[] = []
  const faults = createFaults<keyof Edge>()
  let away: readonly string[] = []
  let come = (): void => undefined
  let leftRequests = 0
  let report: DrainReport = { waitedMs: 0, cutRequests: 0, cutStreams: 0 }

  return {
    failNext: faults.failNext,
    history: table.history,
    published,
    drained,
    tidied,
    pauses: held.pauses,
    leaves: (requests) => void (leftRequests = requests),
    misses: (names) => void (away = names),
    drainsWith: (more) => void (report = { ...report, ...more }),
    count: counts.add,
    beforeCounting: (given) => void (come = given),
    standings: () => faults.run('standings', () => new Map([...new Set([...table.apps(), ...held.apps()])].map((app) => [app, { traffic: table.history(app).at(-1), holds: held.of(app) }]))),
    live: (app) => faults.run('live', () => table.history(app).at(-1)),
    shift: (traffic) => faults.run('shift', () => (table.shift(traffic), { away })),
    drain: (request) => faults.run('drain', () => (drained.push(request), report)),
    holds: (app) => faults.run('holds', () => held.of(app)),
    pause: (request) => faults.run('pause', () => (table.take(request.app, request.fence), held.pause(request))),
    maintain: (request) => faults.run('maintain', () => held.maintain(request)),
    quiesce: () => faults.run('quiesce', () => ({ waitedMs: 0, leftRequests })),
    remove: (app, fence) => faults.run('remove', () => (table.remove(app, fence), held.forget(app), counts.forget(app))),
    publish: (request) => faults.run('publish', () => void published.push(request)),
    tidy: (room) => faults.run('tidy', () => void tidied.push(room)),
    counters: (app) => faults.run('counters', () => (come(), counts.of(app))),
  }
}

/** What each app was told to serve, and the fences. */
function fakeTable(portsTaken: readonly number[]) {
  const histories = new Map<AppName, Traffic[]>()
  const fences = new Map<AppName, number>()
  const cutOffs = new Map<AppName, ReleaseNumber>()
  const guard = (app: AppName, fence: number): void => {
    const seen = fences.get(app) ?? 0
    if (fence < seen) throw new PlimsollError('FENCED_OFF', `Fence ${fence} of ${app} has been passed by ${seen}`)
  }
  const take = (app: AppName, fence: number): void => {
    guard(app, fence)
    fences.set(app, fence)
  }
  return {
    take,
    apps: (): readonly AppName[] => [...histories.keys()],
    history: (app: AppName): readonly Traffic[] => histories.get(app) ?? [],
    shift(wanted: Traffic): void {
      guard(wanted.app, wanted.fence)
      const traffic = withCutOff(wanted, cutOffs.get(wanted.app))
      for (const [service, { port }] of Object.entries(traffic.entries)) {
        if (portsTaken.includes(port)) throw new PlimsollError('PORT_TAKEN', `Port ${port} of ${service} is taken`)
      }
      take(traffic.app, traffic.fence)
      if (traffic.cutOff !== undefined) cutOffs.set(traffic.app, traffic.cutOff)
      const history = histories.get(traffic.app) ?? []
      histories.set(traffic.app, history)
      if (!isDeepStrictEqual(history.at(-1), traffic)) history.push(structuredClone(traffic))
    },
    remove(app: AppName, fence: number): void {
      take(app, fence)
      histories.delete(app)
    },
  }
}

/** Counts by app and unit. */
function fakeCounts() {
  const counts = new Map<AppName, Record<string, UnitCounters>>()
  return {
    of: (app: AppName): Counters => ({ ...counts.get(app) }),
    add(app: AppName, unit: string, more: Partial<UnitCounters>): void {
      const units = counts.get(app) ?? {}
      counts.set(app, { ...units, [unit]: sum(units[unit] ?? nothing, more) })
    },
    forget: (app: AppName): void => void counts.delete(app),
  }
}

const nothing: UnitCounters = {
  requests: 0,
  responses5xx: 0,
  upstreamFailures: 0,
  inFlight: 0,
  latency: { bucketsMs, counts: bucketsMs.map(() => 0).concat(0) },
  failedPaths: [],
}

function sum(a: UnitCounters, b: Partial<UnitCounters>): UnitCounters {
  return {
    requests: a.requests + (b.requests ?? 0),
    responses5xx: a.responses5xx + (b.responses5xx ?? 0),
    upstreamFailures: a.upstreamFailures + (b.upstreamFailures ?? 0),
    inFlight: b.inFlight ?? a.inFlight,
    latency: { bucketsMs: b.latency?.bucketsMs ?? a.latency.bucketsMs, counts: a.latency.counts.map((n, i) => n + (b.latency?.counts[i] ?? 0)) },
    failedPaths: b.failedPaths ?? a.failedPaths,
  }
}
