/** What went wrong with one arrival, told by what its client saw and not by what caused it. */
export const failureKinds = [
  /** An answer, but not one of success. */
  'status',
  /** Nobody listened. */
  'refused',
  /** The connection broke before an answer began. */
  'reset',
  /** The answer began and did not end as it should; or a stream or socket broke off. */
  'cut',
  /** No end within the time that its kind is given. */
  'timeout',
  /** A complete answer with the wrong content. */
  'garbled',
  /** A write that was sent once was carried out (or answered) twice. */
  'duplicated',
  /** Never sent, because too much was in flight. Counts against the run: what is not sent is not proven. */
  'overload',
] as const
export type FailureKind = (typeof failureKinds)[number]

export interface Failure {
  readonly is: FailureKind
  readonly detail: string
}

/** One request (or one socket) of an arrival. Times are milliseconds of {@link wallNow}. */
export interface Hop {
  /** `GET /products`, without what differs from request to request. */
  readonly what: string
  readonly startedAt: number
  /** When the head of the answer was here; absent when none came. */
  readonly headAt?: number
  readonly endedAt: number
  readonly status?: number
  /** The value of `x-served-by`. */
  readonly servedBy?: string
  /** The same of whoever gave the data that the page shows, where the page tells it. */
  readonly dataServedBy?: string
  /** Set on requests of an old tab: `x-served-by` of the page that they belong to. */
  readonly pinnedTo?: string
  /** A static file, whose name already says which release it belongs to. */
  readonly asset?: boolean
  /** Set when the server, not the client, ended a stream or socket: when, and with which code. */
  readonly serverClosed?: { readonly at: number; readonly code?: number }
}

/** How one arrival of the load ended. Every arrival becomes exactly one of these. */
export interface LoadRecord {
  readonly id: number
  readonly kind: string
  /** When the clock said that it should start; the distance to `startedAt` is the generator's own lateness. */
  readonly dueAt: number
  readonly startedAt: number
  readonly endedAt: number
  readonly hops: readonly Hop[]
  /** The idempotency key of a write. */
  readonly key?: string
  readonly failure?: Failure
}

/** Wall clock with fractions, which no adjustment of the system clock makes jump. */
export function wallNow(): number {
  return performance.timeOrigin + performance.now()
}
