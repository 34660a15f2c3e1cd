import { agentFor } from './agent-for.ts'
import { action } from './arrivals/action.ts'
import { download } from './arrivals/download.ts'
import { events } from './arrivals/events.ts'
import { page } from './arrivals/page.ts'
import { fresh, kept } from './arrivals/quick.ts'
import { slow } from './arrivals/slow.ts'
import { socket } from './arrivals/socket.ts'
import { upload } from './arrivals/upload.ts'
import { write } from './arrivals/write.ts'
import type { Arrival, ArrivalContext } from './arrival.ts'
import { wallNow, type LoadRecord } from './load-record.ts'
import { assertLoopback, type LoadTarget } from './load-target.ts'
import { pickKind, standardMix, type ArrivalKind, type Mix } from './mix.ts'
import { seededRandom } from './seeded-random.ts'

export interface LoadPlan {
  readonly target: LoadTarget
  readonly ratePerSecond: number
  /** {@link standardMix} unless given. */
  readonly mix?: Mix
  /** Scales how long slow requests, streams, sockets and old tabs last; 1 unless given. */
  readonly pace?: number
  /** Equal seeds give equal arrivals. */
  readonly seed: number
  /** Arrivals end after this long even if nobody says so. */
  readonly longestMs: number
  /** What is beyond it is not sent, and fails the run. */
  readonly mostInFlight?: number
}

export interface LoadRun {
  readonly plan: LoadPlan
  /** In the order of their arrival. */
  readonly records: readonly LoadRecord[]
  readonly startedAt: number
  readonly endedAt: number
}

export interface Load {
  /** Arrivals so far. */
  arrived(): number
  /** True once something was not sent because too much was in flight: the run has failed, and going on shows nothing new. */
  overloaded(): boolean
  /** Gives the records of all that has ended by now, and forgets them, so that a load may go on for hours. */
  take(): LoadRecord[]
  /**
   * Does `work` while nothing is in flight and no connection is kept: what is in flight ends first, as in {@link finish}, and nothing
   * arrives until `work` has settled. Arrivals go on then as if that time had not been.
   */
  rest<T>(work: () => Promise<T>): Promise<T>
  /** Lets no more arrive, waits for the end of what is in flight (bounded by the kinds' own patience), and gives every record that was not taken. Twice gives the same. */
  finish(): Promise<LoadRun>
}

const arrivals: Readonly<Record<ArrivalKind, Arrival>> = { fresh, kept, slow, upload, download, events, socket, write, page, action }
const tickMs = 5

/**
 * Starts an open loop: arrival n is due at n ÷ rate, whatever has become of the ones before.
 * A clock that falls behind catches up, so a slow server meets the load that real users make. Throws `USAGE` for a target that is not this machine.
 */
export function startLoad(plan: LoadPlan): Load {
  assertLoopback(plan.target.web)
  assertLoopback(plan.target.api)
  const crew = hireCrew(plan)
  const startedAt = wallNow()
  let restedMs = 0
  let resting = false
  const due = (): number => Math.floor(((wallNow() - startedAt - restedMs) * plan.ratePerSecond) / 1000)
  let arrived = 0
  const tick = setInterval(() => {
    if (resting) return
    for (const until = due(); arrived < until; arrived += 1) crew.send(arrived, startedAt + restedMs + (arrived * 1000) / plan.ratePerSecond)
    if (wallNow() - startedAt > plan.longestMs) clearInterval(tick)
  }, tickMs)
  const rest = async <T>(work: () => Promise<T>): Promise<T> => {
    const from = wallNow()
    resting = true
    try {
      await crew.rest()
      return await work()
    } finally {
      restedMs += wallNow() - from
      resting = false
    }
  }
  let finished: Promise<LoadRun> | undefined
  const finish = async (): Promise<LoadRun> => {
    clearInterval(tick)
    const records = await crew.disband()
    return { plan, records, startedAt, endedAt: wallNow() }
  }
  return { arrived: () => arrived, overloaded: crew.overloaded, take: crew.take, rest, finish: () => (finished ??= finish()) }
}

interface Crew {
  overloaded(): boolean
  take(): LoadRecord[]
  send(id: number, dueAt: number): void
  /** Lets all that is in flight come to its end, and closes the connections. */
  rest(): Promise<void>
  disband(): Promise<LoadRecord[]>
}

function hireCrew(plan: LoadPlan): Crew {
  const mix = plan.mix ?? standardMix
  const random = seededRandom(plan.seed)
  let ending = new AbortController()
  const agents = { fresh: agentFor(plan.target, { keepAlive: false }), kept: agentFor(plan.target, { keepAlive: true, maxFreeSockets: 64 }) }
  const inFlight = new Set<Promise<void>>()
  const records: LoadRecord[] = []
  const base = { target: plan.target, pace: plan.pace ?? 1, ...agents, run: `e2e-${process.pid}-${plan.seed}-${Date.now().toString(36)}` }
  let overloaded = false
  const rest = async (): Promise<void> => {
    ending.abort()
    await Promise.all(inFlight)
    ending = new AbortController()
    agents.fresh.destroy()
    agents.kept.destroy()
  }
  return {
    overloaded: () => overloaded,
    rest,
    take: () => records.splice(0),
    send(id, dueAt) {
      const kind = pickKind(mix, random())
      const context: ArrivalContext = { ...base, ending: ending.signal, id, random: seededRandom(Math.floor(random() * 4_294_967_296)) }
      if (inFlight.size >= (plan.mostInFlight ?? 2000)) {
        overloaded = true
        records.push(notSent({ id, kind, dueAt, inFlight: inFlight.size }))
        return
      }
      const one = runArrival(arrivals[kind], context, { id, kind, dueAt })
        .then((record) => void records.push(record))
        .finally(() => inFlight.delete(one))
      inFlight.add(one)
    },
    async disband() {
      await rest()
      return records.toSorted((one, other) => one.id - other.id)
    },
  }
}

async function runArrival(arrival: Arrival, context: ArrivalContext, due: Pick<LoadRecord, 'id' | 'kind' | 'dueAt'>): Promise<LoadRecord> {
  const startedAt = wallNow()
  const { hops, failure, key } = await arrival(context)
  return { ...due, startedAt, endedAt: wallNow(), hops, ...(failure !== undefined && { failure }), ...(key !== undefined && { key }) }
}

function notSent({ inFlight, ...due }: Pick<LoadRecord, 'id' | 'kind' | 'dueAt'> & { readonly inFlight: number }): LoadRecord {
  const now = wallNow()
  return { ...due, startedAt: now, endedAt: now, hops: [], failure: { is: 'overload', detail: `${inFlight} arrivals were in flight already` } }
}
