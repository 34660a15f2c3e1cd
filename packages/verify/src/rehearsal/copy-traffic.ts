import { entriesFor, trafficOf, type EdgeContext, type KeptRelease } from '@plimsoll/engine'
import type { Entry, ReleaseTraffic, Traffic } from '@plimsoll/model'
import type { CopyTraffic } from './rehearsal.ts'

export interface ServedCopy {
  readonly release: KeptRelease
  readonly entries: Readonly<Record<string, Entry>>
  readonly contextFor: (signal: AbortSignal) => EdgeContext
}

const requestGraceMs = 20_000
const streamGraceMs = 1_000

/** What moves the requests to the entries of a copy, by the same calls as a release's. */
export function copyTraffic({ release: kept, entries, contextFor }: ServedCopy): CopyTraffic {
  const { release } = kept
  const isOther = (other: ReleaseTraffic): boolean => other.release !== release
  return {
    async serve(signal) {
      const { app, edge, fence, ...context } = contextFor(signal)
      const live = await trafficOf({ ...context, app, fence }, kept)
      const before = await edge.live(app, signal)
      const previous = before === undefined ? [] : [before.live, ...before.previous].filter(isOther)
      await edge.shift({ app, fence, entries: entriesFor(entries, live), live, previous }, signal)
    },
    async drain(signal) {
      const { app, edge } = contextFor(signal)
      const now: Traffic | undefined = await edge.live(app, signal)
      if (now !== undefined) await edge.shift({ ...now, previous: now.previous.filter(isOther) }, signal)
      return edge.drain({ app, release, requestGraceMs, streamGraceMs }, signal)
    },
    async counters(signal) {
      const { app, edge } = contextFor(signal)
      const own = Object.entries(await edge.counters(app, signal)).flatMap(([key, counts]) => (key.startsWith(`${release}/`) ? [[key.slice(`${release}/`.length), counts] as const] : []))
      return Object.fromEntries(own)
    },
  }
}
