import type { Hop, LoadRecord } from '../load/load-record.ts'
import { arrivalName, type Fault } from './fault.ts'
import { overlap, type Owners } from './served-by.ts'
import { possibleReigns, type Reign } from './timeline.ts'

interface Answer {
  readonly arrival: string
  readonly hop: Hop
  /** One, or several that share the unit that answered. */
  readonly releases: readonly number[]
  readonly startedAt: number
  readonly headAt: number
}

/**
 * Where two releases showed at once. A switch is one instant, so whatever the clocks of the switch say:
 * once one answer came from the new release, no request that is sent after it may be answered by the old one, of any service.
 */
export function findBlended(records: readonly LoadRecord[], { reigns, trials }: { readonly reigns: readonly Reign[]; readonly trials: readonly Reign[] }, owners: Owners): Fault[] {
  const answers = records.flatMap((record) => answersOf(record, owners))
  // What a share of the visitors meets says nothing of when all do.
  const settled = answers.filter((answer) => possibleReigns(trials, answer.releases, answer).length === 0)
  return [...answers.flatMap((answer) => withinPage(answer, owners)), ...settled.flatMap((answer) => beforeItsTime(answer, reigns)), ...backAndForth(settled, reigns)]
}

function answersOf(record: LoadRecord, owners: Owners): Answer[] {
  return record.hops.flatMap((hop) => {
    const releases = owners(hop.servedBy)
    const pinned = overlap(owners(hop.pinnedTo), releases)
    if (releases.length === 0 || hop.headAt === undefined || hop.asset === true || pinned) return []
    return [{ arrival: arrivalName(record), hop, releases, startedAt: hop.startedAt, headAt: hop.headAt }]
  })
}

function withinPage({ arrival, hop, releases }: Answer, owners: Owners): Fault[] {
  if (hop.dataServedBy === undefined || overlap(owners(hop.dataServedBy), releases)) return []
  return [{ is: 'blended', arrival, at: hop.startedAt, detail: `${hop.what} is a page of ${hop.servedBy} with data of ${hop.dataServedBy}` }]
}

function beforeItsTime({ arrival, hop, releases, headAt }: Answer, reigns: readonly Reign[]): Fault[] {
  const first = reigns.find((reign) => releases.includes(reign.release))
  if (first !== undefined && first.from <= headAt) return []
  const when = first === undefined ? 'which never was switched to' : `${Math.round(first.from - headAt)} ms before it was switched to`
  return [{ is: 'blended', arrival, at: hop.startedAt, detail: `${hop.what} was answered by ${hop.servedBy}, ${when}` }]
}

/** Walks through all beginnings and answers in the order of time, and remembers how far the releases have surely come. */
function backAndForth(answers: readonly Answer[], reigns: readonly Reign[]): Fault[] {
  const placed = answers
    .map((answer) => ({ answer, at: possibleReigns(reigns, answer.releases, answer) }))
    // What fits into no reign is stale or before its time, and has been counted as that.
    .filter(({ at }) => at.length > 0)
  const heads = placed.toSorted((one, other) => one.answer.headAt - other.answer.headAt)
  const starts = placed.toSorted((one, other) => one.answer.startedAt - other.answer.startedAt)
  const faults: Fault[] = []
  let reached = { reign: 0, by: '' }
  let next = 0
  for (const { answer, at } of starts) {
    for (let head = heads[next]; head !== undefined && head.answer.headAt < answer.startedAt; head = heads[next]) {
      const surely = Math.min(...head.at)
      if (surely > reached.reign) reached = { reign: surely, by: `${head.answer.arrival} by ${head.answer.hop.servedBy ?? ''}` }
      next += 1
    }
    if (Math.max(...at) >= reached.reign) continue
    const detail = `${answer.hop.what} was answered by ${answer.hop.servedBy}, after ${reached.by} had already been answered`
    faults.push({ is: 'blended', arrival: answer.arrival, at: answer.startedAt, detail })
  }
  return faults
}
