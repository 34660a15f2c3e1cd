import type { AppName, Holds, Maintenance, Pause, ReleaseNumber, Room, Traffic } from '@plimsoll/model'
import { z } from 'zod'

/**
 * The proxy in front of an App, where Plimsoll and not the platform moves traffic.
 * It is a process of its own and goes on serving when nobody talks to it.
 */
export interface Edge {
  /** What the edge serves for this app now; undefined before the first `shift`. */
  live(app: AppName, signal: AbortSignal): Promise<Traffic | undefined>

  /** The same for every app that it serves or holds something for, with what holds it, in one answer: whoever shows all apps asks this once. */
  standings(signal: AbortSignal): Promise<ReadonlyMap<AppName, Standing>>

  /**
   * Makes `traffic` the whole truth for its app in one instant, durable before it returns.
   * When it returns, no new request (that is not pinned) goes where it went before.
   * The same value again changes nothing. Throws `FENCED_OFF` for a fence lower than
   * one seen before, `PORT_TAKEN` when an entry's port belongs to somebody else, `CUT_OFF` when its live release was
   * cut off; in each case nothing changed. A cut-off, once given, is in every later value, and takes out of `previous`
   * what it covers; it outlives `remove`.
   */
  shift(traffic: Traffic, signal: AbortSignal): Promise<ShiftReport>

  /**
   * Waits until `release`, no longer live nor pinnable, has nothing in flight, then closes the idle
   * upstream sockets to it. Event streams and WebSockets are given `streamGraceMs`, requests `requestGraceMs`;
   * what is left is cut (WebSockets with 1012) and counted.
   */
  drain(request: DrainRequest, signal: AbortSignal): Promise<DrainReport>

  /** What keeps this app's requests from being served now; empty when nothing does. A pause that serves by itself again is not told any more. */
  holds(app: AppName, signal: AbortSignal): Promise<Holds>

  /**
   * Makes new requests wait, or with `pause: null` lets all that wait go on, in the order in which they came. Durable before it
   * returns, and whatever `shift` does it stays. The same value again changes nothing. Throws `FENCED_OFF` as `shift` does.
   */
  pause(request: PauseRequest, signal: AbortSignal): Promise<void>

  /** Answers every request to this app with a page, or with `maintenance: null` serves them again. Durable; whatever `shift` does it stays. */
  maintain(request: MaintainRequest, signal: AbortSignal): Promise<void>

  /**
   * Waits until every request that was in flight to the app when this was called has its answer, or `graceMs` are over.
   * Event streams and WebSockets, which have no end of their own, are not waited for. Nothing is cut.
   */
  quiesce(request: QuiesceRequest, signal: AbortSignal): Promise<QuiesceReport>

  /** Forgets the app: closes its ports, drops its retained assets, its pause and its maintenance. */
  remove(app: AppName, fence: number, signal: AbortSignal): Promise<void>

  /** Copies static files into the store that is kept across releases, before any page asks for them. */
  publish(assets: PublishRequest, signal: AbortSignal): Promise<void>

  /**
   * Drops published files of every app, the oldest releases first, until the rest has room. Never those of a release that is
   * in the table, nor of the newest five, nor of one that was replaced less than 24 hours ago.
   */
  tidy(room: Room, signal: AbortSignal): Promise<void>

  /** Counts since the edge started, by release; only ever grow. */
  counters(app: AppName, signal: AbortSignal): Promise<Counters>
}

/** What the edge does for one app now. */
export interface Standing {
  /** As {@link Edge.live}. */
  readonly traffic?: Traffic | undefined
  /** As {@link Edge.holds}. */
  readonly holds: Holds
}

export interface ShiftReport {
  /**
   * Of several edges, those that could not be reached and may go on as before until they can: what they send requests to has to stay up.
   * `drain` sees to that. Empty where there is one.
   */
  readonly away: readonly string[]
}

export interface DrainRequest {
  readonly app: AppName
  readonly release: ReleaseNumber
  readonly requestGraceMs: number
  readonly streamGraceMs: number
}

export interface DrainReport {
  readonly waitedMs: number
  /** Requests that were still in flight when their grace ended. */
  readonly cutRequests: number
  readonly cutStreams: number
  /** Of several edges, those that were away for so long that they were not waited for any more. */
  readonly away?: readonly string[] | undefined
}

export interface PauseRequest {
  readonly app: AppName
  readonly fence: number
  readonly pause: Pause | null
}

export interface MaintainRequest {
  readonly app: AppName
  readonly maintenance: Maintenance | null
}

export interface QuiesceRequest {
  readonly app: AppName
  readonly graceMs: number
}

export interface QuiesceReport {
  readonly waitedMs: number
  /** Requests that still had no answer when the grace ended. */
  readonly leftRequests: number
}

export interface PublishRequest {
  readonly app: AppName
  readonly release: ReleaseNumber
  readonly service: string
  /** Absolute directory whose files are published. */
  readonly directory: string
  readonly urlPrefix: string
}

const unitCountersSchema = z.object({
  /** That were answered, or given up by whoever asked. */
  requests: z.number(),
  responses5xx: z.number(),
  /** Upstream connections refused, reset or cut mid-answer. */
  upstreamFailures: z.number(),
  /** Requests, streams and sockets open now. */
  inFlight: z.number(),
  /** Response times: `bucketsMs[i]` is the upper bound of `counts[i]`, the last bucket is open. */
  latency: z.object({ bucketsMs: z.array(z.number()), counts: z.array(z.number()) }),
  /** The last few paths, without their query, that a GET got a 5xx for; for asking again. */
  failedPaths: z.array(z.string()).default([]),
})
export type UnitCounters = Readonly<z.infer<typeof unitCountersSchema>>

/** `<release>/<service>` → counts. */
export const countersSchema = z.record(z.string(), unitCountersSchema)
export type Counters = Readonly<Record<string, UnitCounters>>
