import { watchSchema, type JournalEntry, type Problem, type Release } from '@plimsoll/model'
import { describe, expect, test } from 'vitest'
import { after, checksFailed, completed, journalOf, release, undone } from '../../test/storefront.ts'
import { standingAtTheEnd } from './standing-at-the-end.ts'
import { standingUnderWay } from './standing-under-way.ts'
import { timelineOf } from './timeline.ts'
import { liveBefore } from './who-serves.ts'

function said(of: Release, journal: readonly JournalEntry[], live: number | null = 13): string {
  const { headline, assurance } = (of.state === 'releasing' ? standingUnderWay : standingAtTheEnd)({ release: of, timeline: timelineOf(of, journal), before: liveBefore(journal) ?? live, live, now: Date.parse('2026-01-01T00:00:00Z') })
  return [headline, ...assurance].join(' ')
}

function begun(of: Release, step: string, done: number): JournalEntry[] {
  const journal = journalOf(of, { done })
  return [...journal, { is: 'started', step, at: after(journal) }]
}

function failed(of: Release, step: string, done: number): JournalEntry[] {
  const journal = begun(of, step, done)
  return [...journal, { is: 'failed', step, at: after(journal), problem: checksFailed }]
}

const running = release(14)
const interrupted: Problem = { code: 'INTERRUPTED', message: 'The release was stopped by request' }

describe('while a release runs, the screen says who serves', () => {
  test('before anything: the release that was live', () => {
    expect(said(running, begun(running, 'build', 2))).toBe('Release 14 is on its way Release 13 serves everyone. Nothing has changed for users.')
  })

  test('no longer that nothing has changed once pre-deploy commands have begun', () => {
    expect(said(running, begun(running, 'migrate', 5))).toBe('Release 14 is on its way Release 13 serves everyone. No traffic has moved.')
  })

  test('after the switch: the new one', () => {
    expect(said(running, begun(running, 'hand-over-workers', 9))).toContain('Release 14 serves everyone now.')
  })

  test('while a failed one is taken back: who serves, and where it failed', () => {
    expect(said(running, failed(running, 'verify', 7))).toBe('Release 14 is being taken back Release 13 serves everyone. No traffic has moved. It failed at “Check the candidate”.')
  })

  test('while traffic goes back: that it does', () => {
    const journal = failed(running, 'hand-over-workers', 9)
    journal.push({ is: 'undoing', step: 'shift-traffic', at: after(journal) })
    expect(said(running, journal)).toContain('Traffic is going back to release 13.')
  })

  test('for the first release: that nothing is served yet', () => {
    expect(said(release(1), begun(release(1), 'plan', 0), null)).toContain('Nothing is served yet: this is the first release.')
  })
})

describe('when a release has ended, the screen says the truth', () => {
  test('that it is live, and how long it took', () => {
    const { release: done, journal } = completed(14, { before: 13 })
    expect(said(done, journal, 14)).toBe('Release 14 is live It serves everyone. Took 33 s.')
  })

  test('that a later one serves now', () => {
    const { release: done, journal } = completed(14, { before: 13, state: 'retired' })
    expect(said(done, journal, 16)).toContain('Release 14 was released Served once. Stopped since.')
  })

  test('that it was taken back and the one before is live, and what stays in the database', () => {
    const { release: done, journal } = undone(14, {})
    expect(said(done, journal)).toBe('Release 14 failed and was taken back Release 13 is live, as before. Traffic was never switched. What its pre-deploy commands did to a database stays done.')
  })

  test('not that the one before is live, when a later one has taken its place', () => {
    const { release: done, journal } = undone(14, {})
    expect(said(done, journal, 16)).toContain('Release 13 stayed live.')
  })

  test('that a person stopped it, which is not a failure', () => {
    const journal = failed(running, 'build', 2)
    const stopped: Release = { ...running, state: 'undone', outcome: { is: 'undone', at: 'build', problem: interrupted } }
    expect(said(stopped, journal)).toBe('Release 14 was stopped and was taken back Release 13 is live, as before. Traffic was never switched.')
  })

  test('that traffic had moved and was put back', () => {
    const journal = failed(running, 'hand-over-workers', 9)
    journal.push({ is: 'undoing', step: 'shift-traffic', at: after(journal) }, { is: 'undone', step: 'shift-traffic', at: after(journal) })
    expect(said({ ...running, state: 'undone', outcome: { is: 'undone', at: 'hand-over-workers', problem: checksFailed } }, journal)).toContain('Traffic had been switched and was put back.')
  })

  test('that nothing was new', () => {
    expect(said({ ...running, state: 'unchanged', outcome: { is: 'unchanged', at: 'compare' } }, journalOf(running, { done: 4 }))).toBe('Nothing was new Release 13 is live, as before. Nothing was touched.')
  })

  test('that it needs attention because it cannot be finished, and who serves', () => {
    const journal = failed(running, 'retire-previous', 10)
    expect(said({ ...running, state: 'stuck', outcome: { is: 'stuck', at: 'retire-previous', problem: checksFailed } }, journal))
      .toBe('Release 14 needs attention It could not finish “Retire what is no longer needed”, and from there on it can only go forwards. Release 14 serves everyone now.')
  })

  test('that it needs attention because taking back the switch failed, and that nobody knows who serves', () => {
    const journal = failed(running, 'hand-over-workers', 9)
    journal.push({ is: 'undoing', step: 'shift-traffic', at: after(journal) }, { is: 'undo-failed', step: 'shift-traffic', at: after(journal), problem: checksFailed })
    const words = said({ ...running, state: 'stuck', outcome: { is: 'stuck', at: 'shift-traffic', problem: checksFailed } }, journal)
    expect(words).toContain('Taking back “Switch all traffic at once” failed')
    expect(words).toContain('The switch itself failed')
  })

  test('that it went back by itself, who serves now, and why', () => {
    const { release: done, journal } = completed(14, { before: 13, state: 'previous' })
    const problem: Problem = { code: 'ROLLED_BACK', message: 'web: 100 of 300 answers were 5xx' }
    const facts = { release: { ...done, outcome: { is: 'rolled-back' as const, problem } }, timeline: timelineOf(done, journal), before: 13, live: 13, now: 0 }
    expect(standingAtTheEnd(facts)).toMatchObject({ headline: 'Release 14 went back by itself', why: problem.message, tone: 'warn' })
    expect(standingAtTheEnd(facts).assurance.join(' ')).toContain('Release 13 serves everyone now.')
  })

  test('how long it is watched still, and what was seen', () => {
    const { release: done, journal } = completed(14, { before: 13 })
    const none = { requests: 0, errors: 0, broken: 0, p95Ms: null }
    const watch = watchSchema.parse({
      forMs: 300_000, state: 'watching', previous: 13, endsAt: '2026-01-01T00:01:30.000Z',
      look: { at: '2026-01-01T00:00:00.000Z', services: [{ service: 'web', now: none, before: none, asked: 0, askedBadly: 0, is: 'well', finding: '0 of 210 went badly' }] },
    })
    expect(said({ ...done, watch }, journal, 14)).toContain('Watched against release 13, 1 min 30 s more: web: 0 of 210 went badly.')
  })

  test('that it is live and not well, as bad news', () => {
    const { release: done, journal } = completed(14, { before: 13 })
    const watch = watchSchema.parse({ forMs: 300_000, state: 'needs-attention', previous: 13, problem: { code: 'NEEDS_ATTENTION', message: 'Both are bad' } })
    expect(standingAtTheEnd({ release: { ...done, watch }, timeline: timelineOf(done, journal), before: 13, live: 14, now: 0 })).toMatchObject({ headline: 'Release 14 is live and needs attention', why: 'Both are bad', tone: 'bad' })
  })

  test('that it went back to an earlier release', () => {
    const { release: done, journal } = completed(15, { kind: 'rollback', backTo: running.number, state: 'completed', before: 14 })
    expect(said({ ...done, backTo: running.number }, journal, 14)).toBe('Went back to release 14 Release 14 serves everyone. Took 22 s.')
  })
})
