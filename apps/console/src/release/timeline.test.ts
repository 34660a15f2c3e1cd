import type { JournalEntry, Release } from '@plimsoll/model'
import { describe, expect, test } from 'vitest'
import { after, checksFailed, journalOf, release, undone } from '../../test/storefront.ts'
import { currentOf, tellingOf, timelineOf } from './timeline.ts'

const running = release(14)

function progressOf(of: Release, journal: readonly JournalEntry[]): string[] {
  return timelineOf(of, journal).map(({ progress, undo }) => (undo === undefined ? progress : `${progress}, ${undo}`))
}

describe('timeline', () => {
  test('waits with every step before anything has happened', () => {
    expect(new Set(progressOf(running, []))).toEqual(new Set(['waiting']))
  })

  test('shows what ran before as done with its times, one step running, the rest waiting', () => {
    const journal: JournalEntry[] = journalOf(running, { done: 2 })
    journal.push({ is: 'started', step: 'build', at: after(journal) })
    const timeline = timelineOf(running, journal)
    expect(timeline.map(({ progress }) => progress).slice(0, 4)).toEqual(['done', 'done', 'running', 'waiting'])
    expect(timeline[0]).toMatchObject({ title: 'Read the Blueprint', startedAt: journal[0]?.at, endedAt: journal[1]?.at })
    expect(currentOf(timeline)?.name).toBe('build')
  })

  test('no longer waits with later steps once one has failed', () => {
    const journal: JournalEntry[] = journalOf(running, { done: 2 })
    journal.push({ is: 'started', step: 'build', at: after(journal) }, { is: 'failed', step: 'build', at: after(journal), problem: checksFailed })
    expect(progressOf(running, journal)).toEqual(['done', 'done', 'failed', ...Array.from({ length: 8 }, () => 'not-needed')])
  })

  test('shows an undo only where there was something to take back', () => {
    const { release: failed, journal } = undone(14, {})
    expect(progressOf(failed, journal).slice(5, 9)).toEqual(['done', 'done, undone', 'failed', 'not-needed'])
  })

  test('tells first of an undo that failed, then of the failure behind it', () => {
    const { release: failed, journal } = undone(14, {})
    expect(tellingOf(timelineOf(failed, journal))?.name).toBe('verify')
    const stuck: JournalEntry[] = [...journal.slice(0, -2), { is: 'undoing', step: 'start-candidate', at: after(journal) }, { is: 'undo-failed', step: 'start-candidate', at: after(journal), problem: checksFailed }]
    expect(tellingOf(timelineOf(failed, stuck))).toMatchObject({ name: 'start-candidate', undo: 'undo-failed', undoProblem: checksFailed })
  })

  test('follows a step that was started again after a crash, from its last start', () => {
    const at = after([], 1000)
    const journal: JournalEntry[] = [{ is: 'started', step: 'plan', at: after([]) }, { is: 'started', step: 'plan', at }]
    expect(timelineOf(running, journal)[0]).toMatchObject({ progress: 'running', startedAt: at })
  })

  test('goes on waiting when the last step failed, since from there a release only goes forwards', () => {
    const journal: JournalEntry[] = journalOf(running, { done: 10 })
    journal.push({ is: 'started', step: 'retire-previous', at: after(journal) }, { is: 'failed', step: 'retire-previous', at: after(journal), problem: checksFailed })
    expect(progressOf(running, journal).at(-1)).toBe('failed')
    journal.push({ is: 'started', step: 'retire-previous', at: after(journal) })
    expect(timelineOf(running, journal).at(-1)).not.toHaveProperty('problem')
  })

  test('marks the rest as not needed when nothing was new', () => {
    const journal = journalOf(running, { done: 4 })
    expect(progressOf({ ...running, state: 'unchanged', outcome: { is: 'unchanged', at: 'compare' } }, journal).slice(3, 5)).toEqual(['done', 'not-needed'])
  })
})
