import { expect, test } from 'vitest'
import { concernTitles, storyOf } from './verification-story.ts'
import { concerns, type Verdict } from './verdict.ts'
import { verificationSchema, type Verification } from './verification.ts'

const at = '2026-01-01T12:00:00.000Z'

function check(id: string, concern: string, ...verdicts: Partial<Verdict>[]): object {
  return { id, title: `${id} holds`, concern, startedAt: at, tookMs: 10, after: [], verdicts: verdicts.map((verdict) => ({ is: 'pass', finding: `${id} was seen`, check: id, tookMs: 10, ...verdict })) }
}

function verification(state: Verification['state'], checks: object[], over: object = {}): Verification {
  return verificationSchema.parse({ version: 1, id: '1a', app: 'shop', place: 'process', blueprint: `sha256:${'c'.repeat(64)}`, state, source: { root: '/s', blueprint: 'render.yaml', dirty: true }, startedAt: at, artifacts: [], seed: 1, directory: '/d', checks, ...over })
}

const failed = { is: 'fail', finding: 'api does not start' } as const
const notAsked = { is: 'skipped', because: 'boot.start', finding: 'Not asked' } as const

test('one failure is one cause, with what it kept from being asked, before causes with fewer consequences', () => {
  const story = storyOf(verification('blocked', [
    check('blueprint.names', 'blueprint', { is: 'fail', finding: 'no such service' }), check('boot.start', 'health', failed, { ...failed, service: 'web' as Verdict['service'] }), check('auth.all', 'auth', notAsked), check('errors.all', 'errors', notAsked),
  ]))
  expect(story.blocking.map(({ check: id, verdicts, notAsked: after }) => [id, verdicts.length, after])).toEqual([['boot.start', 2, ['auth.all holds', 'errors.all holds']], ['blueprint.names', 1, []]])
  expect(story.sentence).toBe('Do not release shop: 2 checks block it.')
  expect(story.found).toEqual(['api does not start.', 'no such service.'])
  expect(story.also).toContain('2 checks were not asked because of what failed.')
})

test('what nobody looked at is named, but for what stands with the failure that is its reason', () => {
  const story = storyOf(verification('blocked', [check('boot.start', 'health', failed), check('auth.all', 'auth', notAsked), check('web.pages', 'web', { is: 'skipped', finding: 'No browser was found' })]))
  const told = story.notChecked.map(({ title }) => title)
  expect(told).toContain('web.pages holds')
  expect(told).not.toContain('auth.all holds')
  expect(told).toEqual(expect.arrayContaining([concernTitles.load, concernTitles.suites]))
})

test('advice neither blocks nor is lost, and an open question leaves it unsure', () => {
  const story = storyOf(verification('unsure', [check('web.axe', 'web', { is: 'fail', weight: 'advice' }), check('load.all', 'load', { is: 'inconclusive', finding: 'no answer' })]))
  expect([story.blocking.length, story.unknown.length, story.advice.length]).toEqual([0, 1, 1])
  expect(story.sentence).toBe('Nobody can say yet whether shop may be released: 1 question has no answer.')
})

test('a suite that failed is a cause also where no check speaks for it', () => {
  const suite = { name: 'journeys', command: 'pnpm e2e', is: 'broken', startedAt: at, tookMs: 5, tests: [], problem: 'it gave no report', log: [] }
  expect(storyOf(verification('blocked', [check('boot.start', 'health')], { suites: [suite] })).blocking.map(({ verdicts }) => verdicts[0]?.finding)).toEqual(['it gave no report'])
  expect(storyOf(verification('blocked', [check('suites.run', 'suites', failed)], { suites: [suite] })).blocking).toHaveLength(1)
})

test('every concern has a title and a tally', () => {
  expect(Object.keys(concernTitles)).toEqual([...concerns])
  expect(storyOf(verification('passed', [check('boot.start', 'health', {})])).tallies.map(({ concern, passed }) => [concern, passed])).toContainEqual(['health', 1])
})

test('a verification that did not come to its end proves nothing, and says why', () => {
  const story = storyOf(verification('interrupted', [], { problem: { code: 'BUG', message: 'the disk went away' } }))
  expect(story.sentence).toBe('The verification of shop was interrupted: it proves nothing.')
  expect(story.found).toEqual(['It could not be brought to its end: the disk went away.'])
})
