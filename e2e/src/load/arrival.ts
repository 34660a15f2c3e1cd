import type { Agent } from 'node:http'
import type { Failure, Hop } from './load-record.ts'
import type { LoadTarget } from './load-target.ts'

/** What an arrival has to work with. */
export interface ArrivalContext {
  readonly target: LoadTarget
  /** A connection of its own for every request, closed after it. */
  readonly fresh: Agent
  /** Connections that are kept and used again, as many as are needed; never a second try on another. */
  readonly kept: Agent
  /** Its own random numbers, the same in every run with the same seed. */
  readonly random: () => number
  /** Unique in the run. */
  readonly id: number
  /** Unique among runs. */
  readonly run: string
  /** Scales how long slow requests, streams, sockets and old tabs last. */
  readonly pace: number
  /** Fires when the load comes to its end: streams and sockets then say goodbye early. */
  readonly ending: AbortSignal
}

export interface ArrivalEnd {
  readonly hops: readonly Hop[]
  readonly failure?: Failure | undefined
  readonly key?: string
}

/** One kind of arrival. Never rejects for what a server did: that is its `failure`. */
export type Arrival = (context: ArrivalContext) => Promise<ArrivalEnd>

/** How long anything may take that is not slow on purpose. */
export const patienceMs = 15_000

/** A whole number between the two, both included. */
export function between(random: () => number, from: number, to: number): number {
  return Math.round(from + random() * (to - from))
}

/** How long an arrival lets something last: between the two at the load's normal pace. */
export function lasting({ random, pace }: ArrivalContext, fromMs: number, toMs: number): number {
  return Math.round(between(random, fromMs, toMs) * pace)
}
