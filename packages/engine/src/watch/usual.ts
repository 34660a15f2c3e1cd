import type { JournalEntry, ReleaseTraffic, Tally } from '@plimsoll/model'
import type { Counters } from '../edge.ts'
import { finishedSteps } from '../past.ts'
import { compare, type Compared } from '../steps/compare.ts'
import { countersOf, nothing, tallyBetween } from './tally.ts'
import { fewestForP95 } from './watch-rule.ts'

/** Which services of the release before fell over again and again when `past`, the journal of the one after it, compared the two. */
export function restlessBefore(past: readonly JournalEntry[]): readonly string[] {
  return comparedIn(past)?.restless ?? []
}

/**
 * How a release did until another took its place: since that other one was compared with it, where that is enough to judge
 * by, else since the edge began to count. `past` is the journal of the other one.
 */
export function usualTallies(past: readonly JournalEntry[], previous: ReleaseTraffic, counters: Counters): Record<string, Tally> {
  const noted = comparedIn(past)?.counters ?? {}
  return Object.fromEntries(Object.keys(previous.targets).map((service) => {
    const [then, now] = [noted, counters].map((each) => countersOf(each, previous.release, service))
    const lately = tallyBetween(then, now)
    return [service, lately !== undefined && lately.requests >= fewestForP95 ? lately : (tallyBetween(undefined, now) ?? nothing)]
  }))
}

function comparedIn(past: readonly JournalEntry[]): Compared | undefined {
  const compared = finishedSteps(past).get(compare.name)
  return compared && compare.gives.parse(compared)
}
