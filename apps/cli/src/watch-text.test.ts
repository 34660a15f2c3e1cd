import { releaseSchema, watchSchema, type Release } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { watchBegunText, watchEndText, watchLine } from './watch-text.ts'

const plain = (_style: unknown, text: string): string => text
const none = { requests: 0, errors: 0, broken: 0, p95Ms: null }
const service = (name: string, is: string, finding: string) => ({ service: name, now: none, before: none, asked: 0, askedBadly: 0, is, finding })
const look = { at: '2026-01-01T00:00:00.000Z', services: [service('web', 'well', '0 of 210 went badly'), service('api', 'kept', 'Runs on')] }

function release(watch: object): Release {
  return releaseSchema.parse({
    app: 'shop', number: 2, kind: 'release', state: 'live', steps: [], startedAt: '2026-01-01T00:00:00.000Z', outcome: { is: 'completed' },
    source: { root: '/shop', blueprint: 'render.yaml', dirty: false }, watch: watchSchema.parse({ forMs: 300_000, previous: 1, endsAt: '2026-01-01T00:05:00.000Z', ...watch }),
  })
}

test('a release that has just gone live says for how long it is watched, and what then may happen', () => {
  expect(watchBegunText(release({ state: 'watching' }))).toBe('  Watched for 5 min 0 s: it goes back to release 1 by itself if it does worse. See: plimsoll status --app shop\n')
})

test('the live line says against which release, how long still, and the numbers', () => {
  expect(watchLine(release({ state: 'watching', look }), Date.parse('2026-01-01T00:03:30Z'))).toBe('Watching release 2 against release 1 for 1 min 30 s more: web: 0 of 210 went badly')
  expect(watchLine(release({ state: 'going-back', look }), 0)).toBe('Release 2 did worse: going back to release 1')
})

test('the end of a watch is told as it was', () => {
  expect(watchEndText(release({ state: 'passed', look }), plain)).toBe('✓ Release 2 was watched for 5 min 0 s and stays: web: 0 of 210 went badly.\n')
  expect(watchEndText(release({ state: 'ended', look: { ...look, note: 'release 3 is live' } }), plain)).toBe('! The watch of release 2 ended early: release 3 is live.\n')
  expect(watchEndText(release({ state: 'needs-attention', problem: { code: 'NEEDS_ATTENTION', message: 'both are bad' } }), plain)).toContain('both are bad')
})
