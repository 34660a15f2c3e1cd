import type { JournalEntry } from '@plimsoll/model'
import { describe, expect, test } from 'vitest'
import { after, completed, journalOf, line, release } from '../../test/storefront.ts'
import { beginWatch, linesOf, withEvent, type Watch, type WatchEvent } from './watch.ts'

const running = release(14)
const known = journalOf(running, { done: 1 })
const next: JournalEntry = { is: 'started', step: 'provision', at: after(known) }

function told(...events: WatchEvent[]): Watch {
  return events.reduce(withEvent, beginWatch({ release: running, journal: known }))
}

describe('a watched release', () => {
  test('takes up the story where the page left it, though the stream tells it from the beginning', () => {
    const replayed = known.map((data, i): WatchEvent => ({ event: 'entry', id: i + 1, data }))
    expect(told({ event: 'open' }, ...replayed, { event: 'entry', id: 3, data: next }).journal).toEqual([...known, next])
  })

  test('shows a line once when a new connection tells it again, and twice when it was printed twice', () => {
    const one = line('web', 'Compiled', { at: after(known) })
    const other = line('web', 'Done', { at: after(known) })
    const lineEvent = (data: typeof one): WatchEvent => ({ event: 'line', data })
    expect(told({ event: 'open' }, lineEvent(one), lineEvent(one)).lines).toHaveLength(2)
    expect(told({ event: 'open' }, lineEvent(one), { event: 'lost' }, { event: 'open' }, lineEvent(one), lineEvent(other)).lines).toEqual([one, other])
  })

  test('is over with its end, and knows the release as it ended', () => {
    const { release: data } = completed(14, {})
    expect(told({ event: 'end', data })).toMatchObject({ ended: true, release: data })
  })

  test('is over from the start when the release has ended before', () => {
    expect(beginWatch(completed(14, {})).ended).toBe(true)
  })

  test('forgets the trouble of a connection once it is open again', () => {
    const trouble: WatchEvent = { event: 'problem', data: { code: 'API_UNREACHABLE', message: 'Plimsoll does not answer' } }
    expect(told({ event: 'open' }, trouble, { event: 'lost' })).toMatchObject({ connection: 'lost', problem: { code: 'API_UNREACHABLE' } })
    expect(told({ event: 'open' }, trouble, { event: 'lost' }, { event: 'open' })).toMatchObject({ connection: 'open', problem: undefined })
  })

  test('gives each step the lines that were printed while it ran', () => {
    const during = line('web', 'during', { at: after(known, 5) })
    const before = line('web', 'before', { at: running.startedAt })
    const watch = told({ event: 'entry', id: 3, data: next }, { event: 'line', data: before }, { event: 'line', data: during })
    expect([linesOf(watch, 'plan'), linesOf(watch, 'provision'), linesOf(watch, 'build')]).toEqual([[before], [during], []])
  })
})
