import { join } from 'node:path'
import { countersSchema, type DrainReport, type DrainRequest, type Edge } from '@plimsoll/engine'
import { type AppName, isPlimsollError, PlimsollError, type ReleaseNumber } from '@plimsoll/model'
import { AssetStore } from '../assets/asset-store.ts'
import { drainReportSchema, quiesceReportSchema } from '../control/control-protocol.ts'
import type { Machine } from '../proxy/machines.ts'
import { standing } from '../proxy/waiting-room.ts'
import { type Truth, withMaintenance, withPause, withRemoval, withShift } from '../table/truth.ts'
import { provideAssets, provideSites } from './fleet-assets.ts'
import { FleetControl } from './fleet-control.ts'
import { FleetCounters } from './fleet-counters.ts'
import { fleetSecrets } from './fleet-keys.ts'
import type { FleetMember } from './fleet-member.ts'
import { FleetMachines } from './fleet-machines.ts'
import { fleetRecord } from './fleet-record.ts'
import { FleetRoster } from './fleet-roster.ts'
import type { MemberAddress } from './member-link.ts'

export interface FleetOptions {
  /** Plimsoll's home: keys, the record of what the edges were told, and what was published are kept in `edge-fleet/` below it. */
  readonly home: string
  /**
   * The edges that there are, asked for every second. One that may still serve users belongs to them, whether it can be reached or not:
   * what is left out is not waited for by anything.
   */
  readonly members: (signal: AbortSignal) => Promise<readonly MemberAddress[]>
  /** Machines with the instances on each, asked for every second, where edges shall spare those whose engine has ended. Equal ones come in an equal order. */
  readonly machines?: (signal: AbortSignal) => Promise<readonly Machine[]>
  readonly log?: (line: string) => void
  readonly bounds?: Partial<FleetBounds>
}

/** All in milliseconds. */
export interface FleetBounds {
  /** How often each edge is asked how it is. */
  readonly beatMs: number
  /** An edge that has not answered a short question by then is away. */
  readonly answerMs: number
  /** How long a change waits for an edge that is away, from when it was heard last. */
  readonly waitMs: number
  /** For so long nothing is ended that an edge may still send requests to, though it was not heard any more. */
  readonly goneMs: number
}

const usualBounds: FleetBounds = { beatMs: 250, answerMs: 1_500, waitMs: 3_000, goneMs: 60_000 }

/** One edge as a person is told it. */
export interface FleetStanding {
  readonly name: string
  readonly is: 'current' | 'behind' | 'away'
  /** How long nothing was heard of it. */
  readonly awayMs: number
  readonly closedPorts: readonly number[]
}

/** Several edges that are steered as one. */
export interface EdgeFleet extends Edge {
  standingOf(): readonly FleetStanding[]
  /** Lets go of all connections; the edges serve on. */
  close(): Promise<void>
}

/** The handle on all edges of a home; see docs/edge.md. It looks after them until `close`: one that comes is given the table that all have. Throws `EDGE_DOWN` when its record or keys are damaged. */
export async function createEdgeFleet({ home, members, machines, log = () => undefined, bounds = {} }: FleetOptions): Promise<EdgeFleet> {
  const limits = { ...usualBounds, ...bounds }
  const directory = join(home, 'edge-fleet')
  const { controller: keys } = await fleetSecrets(home)
  const record = fleetRecord(join(directory, 'table.json'))
  const store = await AssetStore.open({ directory: join(directory, 'assets'), log, inUse: (app) => releasesIn(control.truth, app) })
  const below = machines && new FleetMachines({ machines, log })
  const onLook = (member: FleetMember): void => {
    control.onLook(member)
    void below?.tell(member)
  }
  const roster = new FleetRoster({ ...limits, members, keys, log, digest: () => control.digest, onLook })
  const control = new FleetControl({ roster, record, log, waitMs: limits.waitMs, provide: async (member) => provideAssets(store, member) }, await record.load())
  await roster.begin()
  below?.begin()
  const parts: FleetParts = { roster, control, store, counters: new FleetCounters(), limits }
  return {
    ...fleetTable(parts),
    ...fleetRequests(parts),
    ...fleetFiles(parts),
    standingOf: () => roster.listed.map((member) => ({ name: member.name, is: standingIn(control, member), awayMs: Math.round(member.awayMs()), closedPorts: member.word?.closedPorts ?? [] })),
    async close() {
      below?.close()
      roster.close()
      await control.settled()
    },
  }
}

interface FleetParts {
  readonly roster: FleetRoster
  readonly control: FleetControl
  readonly store: AssetStore
  readonly counters: FleetCounters
  readonly limits: FleetBounds
}

function fleetTable({ roster, control, store, counters, limits }: FleetParts): Pick<Edge, 'live' | 'standings' | 'holds' | 'shift' | 'pause' | 'maintain' | 'remove'> {
  return {
    live: async (app) => (await control.read()).table.apps.get(app),
    async standings() {
      const { table } = await control.read()
      const apps = new Set([...table.apps.keys(), ...table.holds.keys()])
      return new Map([...apps].map((app) => [app, { traffic: table.apps.get(app), holds: standing(table.holds.get(app) ?? {}, Date.now()) }]))
    },
    holds: async (app) => standing((await control.read()).table.holds.get(app) ?? {}, Date.now()),
    async shift(traffic, signal) {
      await provideSites({ roster, store }, traffic)
      const mustOpen = Object.values(traffic.entries).map(({ port }) => port)
      const away = await control.change({ to: (truth) => withShift(truth, traffic), mustOpen }, signal)
      return { away: away.map(({ name }) => name) }
    },
    async pause(request, signal) {
      const away = await control.change({ to: (truth) => withPause(truth, request), mustOpen: [] }, signal)
      const unsure = away.filter((member) => member.awayMs() < limits.goneMs)
      if (request.pause !== null && unsure.length > 0) throw notHeld(request.app, unsure)
    },
    async maintain({ app, maintenance }, signal) {
      await control.change({ to: (truth) => withMaintenance(truth, app, maintenance), mustOpen: [] }, signal)
    },
    async remove(app, fence, signal) {
      await control.change({ to: (truth) => withRemoval(truth, app, fence), mustOpen: [] }, signal)
      await store.remove(app)
      counters.forget(app)
    },
  }
}

function fleetRequests({ roster, control, counters, limits }: FleetParts): Pick<Edge, 'drain' | 'quiesce' | 'counters'> {
  return {
    async drain(request, signal) {
      const startedAt = performance.now()
      refuseLive(control.truth, request)
      const reports = await Promise.all(roster.listed.map(async (member) => drainAt({ roster, control, goneMs: limits.goneMs, member }, request, signal)))
      const away = reports.flatMap(({ away: names = [] }) => names)
      const sum = (count: (report: DrainReport) => number): number => reports.reduce((total, report) => total + count(report), 0)
      return { waitedMs: Math.round(performance.now() - startedAt), cutRequests: sum((each) => each.cutRequests), cutStreams: sum((each) => each.cutStreams), ...(away.length > 0 && { away }) }
    },
    async quiesce({ app, graceMs }, signal) {
      const unsure = roster.listed.filter((member) => !member.answers && member.awayMs() < limits.goneMs)
      if (unsure.length > 0) throw notQuiet(app, unsure)
      const reports = await Promise.all(roster.answering.map(async (member) => quiesceReportSchema.parse(await member.askLong({ method: 'POST', path: pathFor('/quiesce', app), body: { graceMs } }, signal))))
      return { waitedMs: Math.max(0, ...reports.map(({ waitedMs }) => waitedMs)), leftRequests: reports.reduce((sum, { leftRequests }) => sum + leftRequests, 0) }
    },
    async counters(app) {
      await control.read()
      const heard = await Promise.all(roster.answering.map(async (member) => {
        const life = member.word?.life ?? ''
        const counted = await member.ask({ method: 'GET', path: pathFor('/counters', app) }).catch(unlessDown)
        return counted === undefined ? [] : [{ name: member.name, life, counters: countersSchema.parse(counted) }]
      }))
      return counters.sum(app, heard.flat())
    },
  }
}

function fleetFiles({ roster, store }: FleetParts): Pick<Edge, 'publish' | 'tidy'> {
  const toAll = async (work: (member: FleetMember) => Promise<unknown>): Promise<void> => {
    // One that is away is given all of it when it comes, before it serves.
    await Promise.all(roster.answering.map(async (member) => work(member).catch(unlessDown)))
  }
  return {
    async publish(assets) {
      await store.publish(assets)
      await toAll(async (member) => provideAssets(store, member))
    },
    async tidy(room, signal) {
      await store.tidy(room)
      await toAll(async (member) => member.askLong({ method: 'POST', path: '/tidy', body: room }, signal))
    },
  }
}

interface Draining {
  readonly roster: FleetRoster
  readonly control: FleetControl
  readonly member: FleetMember
  readonly goneMs: number
}

/** Drains at one edge. One that is away, or behind, may still send requests there: it is waited for until it follows, is gone, or was away for too long. */
async function drainAt({ roster, control, member, goneMs }: Draining, { app, ...grace }: DrainRequest, signal: AbortSignal): Promise<DrainReport> {
  const isListed = (): boolean => roster.listed.includes(member)
  for (;;) {
    await roster.until(() => control.isCurrent(member) || !isListed(), goneMs - member.awayMs(), signal)
    if (!isListed()) return nothingCut
    if (!control.isCurrent(member)) return { ...nothingCut, away: [member.name] }
    const report = await member.askLong({ method: 'POST', path: pathFor('/drain', app), body: grace }, signal).catch(unlessDown)
    signal.throwIfAborted()
    if (report !== undefined) return drainReportSchema.parse(report)
    await roster.look(member)
  }
}

const nothingCut: DrainReport = { waitedMs: 0, cutRequests: 0, cutStreams: 0 }

function standingIn(control: FleetControl, member: FleetMember): FleetStanding['is'] {
  if (!member.answers) return 'away'
  return control.isCurrent(member) ? 'current' : 'behind'
}

function releasesIn({ table }: Truth, app: AppName): ReadonlySet<ReleaseNumber> {
  const traffic = table.apps.get(app)
  return new Set(traffic === undefined ? [] : [traffic.live, ...(traffic.canary === undefined ? [] : [traffic.canary.release]), ...traffic.previous].map(({ release }) => release))
}

function pathFor(path: string, app: AppName): string {
  return `${path}?${new URLSearchParams({ app }).toString()}`
}

function unlessDown(error: unknown): undefined {
  if (!isPlimsollError(error) || error.code !== 'EDGE_DOWN') throw error
  return undefined
}

function refuseLive({ table }: Truth, { app, release }: DrainRequest): void {
  if (table.apps.get(app)?.live.release !== release) return
  throw new PlimsollError('USAGE', `Release ${release} of ${app} is live; the edges do not drain what they send requests to.`, {
    hint: `Shift the traffic to another release first: plimsoll rollback --app ${app}`,
  })
}

function notQuiet(app: AppName, away: readonly FleetMember[]): PlimsollError {
  const names = away.map(({ name }) => name).join(', ')
  return new PlimsollError('EDGE_DOWN', `Nobody knows whether requests to ${app} are under way through ${names}, which did not answer.`, {
    hint: 'Bring the node back, or take it out of the cluster, then try again: plimsoll status',
    details: { edges: names },
  })
}

/** What is changed while an app is paused must meet no request, also none that comes through an edge that nobody has heard. */
function notHeld(app: AppName, away: readonly FleetMember[]): PlimsollError {
  const names = away.map(({ name }) => name).join(', ')
  return new PlimsollError('EDGE_DOWN', `Requests to ${app} are held by all edges but ${names}, which did not answer and may go on serving.`, {
    hint: 'Bring the node back, or take it out of the cluster, then try again: plimsoll status',
    details: { edges: names },
  })
}
