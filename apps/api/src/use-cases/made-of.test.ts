import { keptSteps } from '@plimsoll/engine'
import { releaseSchema, type JournalEntry } from '@plimsoll/model'
import type { ReleaseKey } from '@plimsoll/store'
import { expect, test } from 'vitest'
import { madeOf } from './made-of.ts'

const at = '2026-11-20T10:00:00.000Z'
const gifts: Readonly<Record<string, Record<string, unknown>>> = {
  plan: { blueprint: 'services: []', specs: [], wanted: { databases: [{ name: 'records' }], keyValues: [] }, entries: {} },
  build: { artifacts: {} },
  compare: { before: null, changed: [], keeps: {}, fingerprints: {} },
  'warm-candidate': { warmth: [] },
}
const done = (step: string): JournalEntry => ({ is: 'done', step, at, gives: gifts[step] ?? {} })
const release = (number: number, startedAt = at) => releaseSchema.parse({ app: 'shop', number, kind: 'release', state: 'live', source: { root: '/srv', blueprint: 'render.yaml', dirty: false }, steps: [], startedAt })

/** A store that has these journals, and notes which were asked for. */
function storeOf(journals: Record<number, readonly JournalEntry[]>) {
  const asked: number[] = []
  const stepsOf = async (keys: readonly ReleaseKey[]) => {
    asked.push(...keys.map((key) => key.release))
    return (key: ReleaseKey) => journals[key.release] ?? []
  }
  return { journals, asked, stepsOf }
}

test('a release that is ready is read once, and another one that has its number is read too', async () => {
  const store = storeOf({ 1: keptSteps.map(done) })
  const first = release(1)
  expect((await madeOf(store, [first]))(first)).toMatchObject({ kept: { release: 1, blueprint: 'services: []' }, resources: [{ name: 'records', kind: 'database' }] })
  await madeOf(store, [first])
  expect(store.asked).toEqual([1])

  store.journals[1] = []
  const anew = release(1, '2026-11-21T10:00:00.000Z')
  expect((await madeOf(store, [anew]))(anew)).toEqual({ kept: undefined, resources: [] })
  expect((await madeOf(store, [first]))(first)).toMatchObject({ kept: { release: 1 } })
})

test('a release that has not given everything yet is read until it has', async () => {
  const [last, ...rest] = keptSteps.toReversed()
  const store = storeOf({ 1: rest.toReversed().map(done) })
  const one = release(1)
  expect((await madeOf(store, [one]))(one).kept?.pages).toEqual({})
  store.journals[1] = keptSteps.map(done)
  await madeOf(store, [one])
  await madeOf(store, [one])
  expect(last).toBe('warm-candidate')
  expect(store.asked).toEqual([1, 1])
})

test('one that the store has nothing of is made of nothing', async () => {
  const one = release(7)
  expect((await madeOf(storeOf({}), []))(one)).toEqual({ kept: undefined, resources: [] })
})
