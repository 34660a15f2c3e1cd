import type { JournalEntry, ReleaseTraffic, Tally } from '@plimsoll/model'
import type { Counters } from '../edge.ts'
import { finishedSteps } from '../past.ts'
import { compare } from '../steps/compare.ts'
import { countersOf, nothing, tallyBetween } from './tally.ts'
import { fewestForP95 } from './watch-rule.ts'

/**
 * How a release did until another took its place: since that other one was compared with it, where that is enough to judge
 * by, else since the edge began to count. `past` is the journal of the other one.
 */
export function usualTallies(past: readonly JournalEntry[], previous: ReleaseTraffic, counters: Counters): Record<string, Tally> {
  const compared = finishedSteps(past).get(compare.name)
  const noted = compared === undefined ? {} : compare.gives.parse(compared).counters
  return Object.fromEntries(Object.keys(previous.targets).map((service) => {
    const [then, now] = [noted, counters].map((each) => countersOf(each, previous.release, service))
    const lately = tallyBetween(then, now)
    return [service, lately !== undefined && lately.requests >= fewestForP95 ? lately : (tallyBetween(undefined, now) ?? nothing)]
  }))
}
