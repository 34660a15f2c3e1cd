import type { Hop, LoadRecord } from '../load/load-record.ts'
import { arrivalName, type Fault } from './fault.ts'
import { releaseOf } from './served-by.ts'
import { possibleReigns, type Reign } from './timeline.ts'

interface Answer {
  readonly arrival: string
  readonly hop: Hop
  readonly release: number
  readonly startedAt: number
  readonly headAt: number
}

/**
 * Where two releases showed at once. A switch is one instant, so whatever the clocks of the switch say:
 * once one answer came from the new release, no request that is sent after it may be answered by the old one, of any service.
 */
export function findBlended(records: readonly LoadRecord[], reigns: readonly Reign[]): Fault[] {
  const answers = records.flatMap(answersOf)
  return [...answers.flatMap(withinPage), ...answers.flatMap((answer) => beforeItsTime(answer, reigns)), ...backAndForth(answers, reigns)]
}

function answersOf(record: LoadRecord): Answer[] {
  return record.hops.flatMap((hop) => {
    const release = hop.servedBy === undefined ? undefined : releaseOf(hop.servedBy)
    const pinned = hop.pinnedTo !== undefined && release === releaseOf(hop.pinnedTo)
    if (release === undefined || hop.headAt === undefined || hop.asset === true || pinned) return []
    return [{ arrival: arrivalName(record), hop, release, startedAt: hop.startedAt, headAt: hop.headAt }]
  })
}

function withinPage({ arrival, hop, release }: Answer): Fault[] {
  const data = hop.dataServedBy === undefined ? release : releaseOf(hop.dataServedBy)
  if (data === release) return []
  return [{ is: 'blended', arrival, at: hop.startedAt, detail: `${hop.what} is a page of ${hop.servedBy} with data of ${hop.dataServedBy}` }]
}

function beforeItsTime({ arrival, hop, release, headAt }: Answer, reigns: readonly Reign[]): Fault[] {
  const first = reigns.find((reign) => reign.release === release)
  if (first !== undefined && first.from <= headAt) return []
  const when = first === undefined ? 'which never was switched to' : `${Math.round(first.from - headAt)} ms before it was switched to`
  return [{ is: 'blended', arrival, at: hop.startedAt, detail: `${hop.what} was answered by ${hop.servedBy}, ${when}` }]
}

/** Walks through all beginnings and answers in the order of time, and remembers how far the releases have surely come. */
function backAndForth(answers: readonly Answer[], reigns: readonly Reign[]): Fault[] {
  const placed = answers
    .map((answer) => ({ answer, at: possibleReigns(reigns, answer.release, answer) }))
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
