import type { JournalEntry, ReleaseDetail } from '@plimsoll/model'
import type { Reign } from '../judge/timeline.ts'
import type { SwitchRecord } from '../judge/switch-record.ts'
import { wallNow } from '../load/load-record.ts'

/** The journal's times are cut to whole milliseconds. */
const roundingMs = 2
const switchSteps = ['shift-traffic', 'shift-back']

/** All switches that the journals of an app's releases tell of, forwards and taken back, in order. `first` serves before all of them. */
export function switchesIn(details: readonly ReleaseDetail[], first: number): SwitchRecord[] {
  const switches: SwitchRecord[] = []
  for (const detail of details.toSorted((one, other) => one.release.number - other.release.number)) {
    const before = switches.at(-1)?.after ?? first
    switches.push(...switchesOf(detail, before))
  }
  return switches
}

/** When a share of the visitors met a release beside another: from its beginning to the switch, or to its end where it was taken back. */
export function trialsIn(details: readonly ReleaseDetail[]): Reign[] {
  return details.flatMap(({ release, journal }) => {
    const trying = journal.filter(({ step }) => step === 'try-canary')
    const from = timeOf(trying, 'started')
    const switched = journal.filter(({ step }) => step === 'shift-traffic')
    const to = timeOf(trying, 'undone') ?? timeOf(switched, 'done') ?? Number.POSITIVE_INFINITY
    return from === undefined ? [] : [{ release: release.number, from: from - roundingMs, to: to + roundingMs }]
  })
}

/** One that died half way may have happened at any moment from its first beginning to its last end. */
function switchesOf({ release, journal }: ReleaseDetail, before: number): SwitchRecord[] {
  const entries = journal.filter(({ step }) => switchSteps.includes(step))
  const after = release.backTo ?? release.number
  const from = timeOf(entries, 'started')
  const undone = timeOf(entries, 'undone')
  if (from === undefined) return []
  const to = timeOf(entries, 'done') ?? timeOf(entries, 'failed') ?? undone
  if (to === undefined) return []
  const there: SwitchRecord = { before, after, askedAt: from - roundingMs, acknowledgedAt: to + roundingMs }
  const back = timeOf(entries, 'undoing')
  return back === undefined || undone === undefined ? [there] : [there, { before: after, after: before, askedAt: back - roundingMs, acknowledgedAt: undone + roundingMs }]
}

/** On the clock of the load. */
function timeOf(entries: readonly JournalEntry[], is: JournalEntry['is']): number | undefined {
  const found = entries.find((entry) => entry.is === is)
  return found === undefined ? undefined : Date.parse(found.at) + (wallNow() - Date.now())
}
