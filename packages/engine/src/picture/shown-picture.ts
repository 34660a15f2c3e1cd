import type { ReleaseNumber, TrafficEvent, TrafficPhase, TrafficPicture, TrafficPoint } from '@plimsoll/model'
import { noCounts, plus, tallyOf, type Counts } from './counts.ts'
import type { KeptPicture, KeptPoint } from './kept-picture.ts'

/** When exactly a release went live, where that is known better than to a second. */
export interface Switched {
  readonly release: ReleaseNumber
  readonly at: string
}

/** A picture as it is shown, with percentiles in place of buckets. */
export function shownPicture(kept: KeptPicture, { painting, switched }: { readonly painting: boolean; readonly switched?: Switched | undefined }): TrafficPicture {
  const points = kept.points.map((point) => shownPoint(kept, point))
  return { painting, points, phases: shownPhases(kept, switched), restarts: kept.restarts.map(iso) }
}

/** What the last reading has added; undefined before there is a point. */
export function newestPoint(kept: KeptPicture): TrafficEvent | undefined {
  const point = kept.points.at(-1)
  return point && { event: 'point', data: { point: shownPoint(kept, point), phases: shownPhases(kept, undefined), restarts: kept.restarts.map(iso) } }
}

function shownPoint(kept: KeptPicture, { from, forMs, releases }: KeptPoint): TrafficPoint {
  return { from: iso(from), forMs, releases: tallies(kept, releases) }
}

function shownPhases(kept: KeptPicture, switched: Switched | undefined): TrafficPhase[] {
  const turn = kept.phases.findIndex(({ live }, i) => i > 0 && live === switched?.release && kept.phases[i - 1]?.live !== live)
  return kept.phases.map(({ from, live, canary }, i) => {
    const until = kept.phases[i + 1]?.from ?? kept.last?.at ?? from
    const points = kept.points.filter((point) => point.from >= from && point.from < until)
    const at = i === turn && switched !== undefined ? switched.at : iso(from)
    return { from: at, forMs: Math.max(0, until - from), live, canary, releases: tallies(kept, points.flatMap(({ releases }) => releases)) }
  })
}

function tallies({ bucketsMs }: KeptPicture, releases: KeptPoint['releases']): TrafficPoint['releases'] {
  const sums = [...Map.groupBy(releases, ({ release }) => release)].map(([release, counts]) => ({ release, ...tallyOf(counts.reduce<Counts>(plus, noCounts), bucketsMs) }))
  return sums.toSorted((a, b) => a.release - b.release)
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
