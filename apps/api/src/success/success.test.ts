import { releaseSchema, type Outcome, type Release } from '@plimsoll/model'
import type { PastRelease } from '@plimsoll/store'
import { describe, expect, test } from 'vitest'
import { doraOf } from './dora.ts'
import { measuresOf } from './measures.ts'
import { quantileOf } from './quantile-of.ts'
import { storyOf } from './story-of.ts'

const start = Date.parse('2026-11-01T00:00:00.000Z')
const hour = 60 * 60_000
const at = (hours: number) => new Date(start + hours * hour).toISOString()
const problem = (code: string) => ({ code, message: 'm' }) as Extract<Outcome, { is: 'undone' }>['problem']
const undone = (code: string): Outcome => ({ is: 'undone', at: 'verify', problem: problem(code) })

interface Given extends Partial<Pick<Release, 'kind' | 'backTo' | 'unproven'>> {
  readonly outcome?: Outcome
  readonly watch?: string
  readonly committed?: number
  readonly buildMs?: number
  readonly cut?: number
}

/** One release an hour, oldest first, in the order of the store. */
const history = (...given: readonly Given[]): readonly PastRelease[] => given.map(({ outcome = { is: 'completed' }, watch, committed, buildMs, cut = 0, ...rest }, before): PastRelease => ({
  release: releaseSchema.parse({
    app: 'shop', number: before + 1, kind: 'release', state: 'retired', steps: [], startedAt: at(before), endedAt: at(before + 0.1), outcome,
    source: { root: '/shop', blueprint: 'render.yaml', dirty: false, ...(committed !== undefined && { committedAt: at(committed) }) },
    ...(watch !== undefined && { watch: { forMs: 1, state: watch } }), ...rest,
  }),
  build: buildMs === undefined ? undefined : { ms: buildMs, fresh: true },
  switchedAt: outcome.is === 'undone' || outcome.is === 'unchanged' ? undefined : at(before + 0.1), cutRequests: outcome.is === 'undone' ? undefined : cut,
})).toReversed()

const measure = (id: string, past: readonly PastRelease[], coverage?: { lines: number; covered: number }) => measuresOf(storyOf(past), coverage).find((each) => each.id === id)
const dora = (id: string, past: readonly PastRelease[], now = 100) => doraOf(storyOf(past), start + now * hour).find((each) => each.id === id)

describe('what became of releases', () => {
  test('what brought nothing new, or was stopped by a person, was no try', () => {
    expect(storyOf(history({}, { outcome: { is: 'unchanged', at: 'compare' } }, { outcome: undone('INTERRUPTED') })).tried).toHaveLength(1)
  })

  test('what a check held back failed no user; what the watch went back from did', () => {
    const story = storyOf(history({ outcome: undone('CHECKS_FAILED') }, { outcome: { is: 'rolled-back', problem: problem('ROLLED_BACK') } }, { watch: 'needs-attention' }, {}))
    expect([story.tried.length, story.stayed.length, story.heldBack.length, story.failed.length, story.takenBack.length]).toEqual([4, 1, 1, 2, 0])
  })

  test('what somebody went back from failed, and nothing else did by it', () => {
    const story = storyOf(history({}, {}, { kind: 'rollback', backTo: 1 as Release['number'] }, {}))
    expect([story.failed.map(({ release }) => release.number), story.takenBack.length, story.switches.length]).toEqual([[2], 1, 4])
  })
})

describe('the five metrics', () => {
  test('say that nothing is known when there was nothing', () => {
    expect(measuresOf(storyOf([]), undefined).map(({ id, holds }) => [id, holds])).toEqual([['lost-requests', 'not known'], ['build-time', 'not known'], ['success-rate', 'not known'], ['coverage', 'not known'], ['untouched', undefined]])
  })

  test('lost requests are counted over all switches, and one is too many', () => {
    expect(measure('lost-requests', history({}, {}))).toMatchObject({ value: '0 lost in 2 switches', holds: 'yes' })
    expect(measure('lost-requests', history({}, { cut: 1 }))).toMatchObject({ value: '1 lost in 2 switches', holds: 'no' })
  })

  test('build times are of what was built, by its slowest', () => {
    const past = history(...[1, 2, 3].map((minutes) => ({ buildMs: minutes * 60_000 })), {})
    expect(measure('build-time', past)).toMatchObject({ value: 'half within 2 min 0 s, 19 of 20 within 3 min 0 s, of 3 builds', holds: 'yes' })
    expect(measure('build-time', history({ buildMs: 300_000 }))).toMatchObject({ holds: 'no' })
  })

  test('99 % are not shown by a few releases, are by 299, and are not there when many failed', () => {
    const of = (well: number, badly: number) => measure('success-rate', history(...Array.from({ length: well }, () => ({})), ...Array.from({ length: badly }, () => ({ outcome: undone('BUILD_FAILED') }))))?.holds
    expect([of(20, 0), of(298, 0), of(299, 0), of(472, 1), of(10, 10)]).toEqual(['not known', 'not known', 'yes', 'yes', 'no'])
  })

  test('coverage is over its bar, or not', () => {
    expect([measure('coverage', [], { lines: 10, covered: 8 })?.holds, measure('coverage', [], { lines: 1000, covered: 801 })?.holds]).toEqual(['no', 'yes'])
  })

  test('releases without a proof are no confident ones', () => {
    expect(measure('untouched', history({}, { unproven: 'in a hurry' }))?.value).toBe('2 of 2 with nobody stepping in, 1 proven first')
  })
})

describe('the five of DORA', () => {
  test('the lead time is from the commit to the switch, of clean commits', () => {
    expect(dora('lead-time', history({ committed: -1.9 }, { committed: 0.1 }, {}))?.value).toBe('half within 1 h 0 min, of 2')
  })

  test('deployments are counted over the last four weeks', () => {
    expect([dora('frequency', history({}, {}))?.value, dora('frequency', history({}, {}), 28 * 24 + 0.5)?.value]).toEqual(['2 in the last 28 days', '1 in the last 28 days'])
  })

  test('recovery is from the switch to what failed to the next one; fail rate and rework are inferred', () => {
    const past = history({}, { watch: 'needs-attention' }, {})
    expect(dora('recovery', past)).toMatchObject({ value: 'half within 1 h 0 min, of 1', inferred: true })
    expect(dora('fail-rate', past)).toMatchObject({ value: expect.stringMatching(/^1 of 3 releases \(95 % interval: /), inferred: true })
    expect(dora('rework', past)).toMatchObject({ value: expect.stringMatching(/^1 of 3 releases/), inferred: true })
  })
})

test('a quantile is one of the values', () => {
  expect([quantileOf([], 0.5), quantileOf([3, 1, 2, 4], 0.5), quantileOf([3, 1, 2, 4], 0.95)]).toEqual([undefined, 2, 4])
})
