import { failureKinds, type FailureKind, type LoadRecord } from '../load/load-record.ts'

/** What a release must never do. The first eight are what a client saw by itself; the others need the switches beside it. */
export const faultKinds = [
  ...failureKinds,
  /** Sent after the switch was acknowledged, not pinned, and answered by a release from before. */
  'stale',
  /** Two releases where there must be one: in one page, or going back and forth, or before the switch was asked for. */
  'blended',
  /** A stream or socket that the server ended before its grace was over. */
  'hung-up',
  /** An answer that does not say who gave it: nothing can be concluded from it. */
  'anonymous',
] as const satisfies readonly (FailureKind | string)[]
export type FaultKind = (typeof faultKinds)[number]

export interface Fault {
  readonly is: FaultKind
  /** Id and kind of the arrival. */
  readonly arrival: string
  readonly at: number
  readonly detail: string
}

/** How an arrival is named in a fault. */
export function arrivalName({ id, kind }: LoadRecord): string {
  return `#${id} ${kind}`
}
