import { instanceSchema, releaseNumberSchema, type Instance } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { lookAtWorkers, restlessServices } from './restless.ts'

const now = Date.parse('2026-01-01T12:00:00Z')
const release = releaseNumberSchema.parse(2)

function instance(service: string, more: { readonly restarts?: number; readonly state?: Instance['state']; readonly ranMs?: number; readonly release?: number } = {}): Instance {
  const { restarts = 0, state = 'running', ranMs = 1_000, release: number = 2 } = more
  const startedAt = new Date(now - ranMs).toISOString()
  return instanceSchema.parse({ id: `${service}-${number}`, unit: { name: `shop-${service}-r${number}`, service, release: number }, state, restarts, startedAt })
}

test.each([
  ['stays up', {}, false],
  ['fell over twice and runs', { restarts: 2 }, false],
  ['is down for the third time', { restarts: 2, state: 'backing-off' as const }, true],
  ['fell over three times and was just started', { restarts: 3 }, true],
  ['fell over at its beginning and has run well ever since', { restarts: 5, ranMs: 600_000 }, false],
])('what counts as falling over again and again: one that %s', (_, how, is) => {
  expect(restlessServices([instance('mailer', how)], now)).toEqual(is ? ['mailer'] : [])
})

test('is no breach when the release before fell over too, and tells so', () => {
  const fallen = [instance('mailer', { restarts: 3 })]
  expect(lookAtWorkers({ release, asked: [], restlessBefore: [] }, fallen, now)).toMatchObject({ breach: { service: 'mailer', ailment: 'restless' }, services: [{ is: 'worse' }] })
  expect(lookAtWorkers({ release, asked: [], restlessBefore: ['mailer'] }, fallen, now)).toMatchObject({ breach: undefined, services: [{ is: 'as-bad', finding: 'fell over 3 times since it was started' }] })
})

test('leaves out what users ask, for that is judged by its answers, and what the release before runs', () => {
  const all = [instance('web', { restarts: 3 }), instance('mailer', { restarts: 3, release: 1 }), instance('search')]
  expect(lookAtWorkers({ release, asked: ['web'], restlessBefore: [] }, all, now)).toMatchObject({ breach: undefined, services: [{ service: 'search', is: 'well', finding: 'stays up' }] })
})
