import type { LoadRecord } from '../load/load-record.ts'

/** What was lost under a fault: with what was struck, and without that excuse. */
export interface Losses {
  /** In flight, at the edge with that number, when something was struck, or sent before anybody could know. */
  readonly struck: readonly LoadRecord[]
  readonly otherwise: readonly LoadRecord[]
}

/**
 * Two checks of an edge, half a second apart and with a second for an answer, until it knows that an instance is gone; or four until it gives up what is under
 * way there.
 */
export const noticeMs = 4_000

/**
 * Tells losses that belong to what was struck from others. `moments` are those in which a machine, or what runs there, was taken away; where there is none, or
 * none in the life of a request, its loss has no excuse.
 */
export function lossesBy(moments: readonly number[], records: readonly LoadRecord[]): Losses {
  const lost = records.filter(({ failure }) => failure !== undefined)
  const isStruck = ({ startedAt, endedAt }: LoadRecord): boolean => moments.some((at) => startedAt < at + noticeMs && endedAt > at)
  return { struck: lost.filter(isStruck), otherwise: lost.filter((record) => !isStruck(record)) }
}

/** For people: `3 lost (2 status, 1 cut)`, then each without an excuse. */
export function renderLosses({ struck, otherwise }: Losses, since: number): string {
  const told = ({ id, kind, startedAt, endedAt, failure }: LoadRecord): string => `    #${id} ${kind} ${Math.round(startedAt - since)}–${Math.round(endedAt - since)} ms: ${failure?.is} ${failure?.detail}`
  return [`  with what was struck: ${countKinds(struck)}`, ...struck.slice(0, 8).map(told), `  else: ${countKinds(otherwise)}`, ...otherwise.slice(0, 20).map(told)].join('\n')
}

function countKinds(records: readonly LoadRecord[]): string {
  const counts = new Map<string, number>()
  for (const { failure } of records) if (failure !== undefined) counts.set(failure.is, (counts.get(failure.is) ?? 0) + 1)
  return records.length === 0 ? 'nothing' : `${records.length} (${[...counts].map(([is, count]) => `${count} ${is}`).join(', ')})`
}
