import { memoryJournal } from '@plimsoll/engine/fakes'
import { expect, test } from 'vitest'
import type { Place, Services } from '../services.ts'
import { withFaults } from './with-faults.ts'

interface Stage {
  readonly services: Services
  /** The points that were passed, in order. */
  readonly passed: readonly string[]
}

function stage(start: () => Promise<unknown>): Stage {
  const passed: string[] = []
  const journal = memoryJournal()
  const place = { driver: { name: 'process', start }, resources: {} }
  const parts = { places: { open: async () => place }, edge: {}, store: { journalOf: () => journal } } as unknown as Services
  return { services: withFaults(parts, { pass: (point) => void passed.push(point), passDuring: (point) => void passed.push(point) }), passed }
}

const runnable = { unit: { service: 'web' } } as unknown as Parameters<Place['driver']['start']>[0]
const never = new AbortController().signal

test('a call passes a point before it, during it and after it, and gives what it gives without them', async () => {
  const { services, passed } = stage(async () => 'started')
  const { driver } = await services.places.open('process')
  expect(await driver.start(runnable, never)).toBe('started')
  expect(passed).toEqual(['driver.start web before', 'driver.start web during', 'driver.start web after'])
  expect(driver.name).toBe('process')
})

test('a call that fails passes no point after it, and fails as it does without them', async () => {
  const { services, passed } = stage(() => Promise.reject(new Error('no disk')))
  const { driver } = await services.places.open('process')
  await expect(driver.start(runnable, never)).rejects.toThrow('no disk')
  expect(passed).toEqual(['driver.start web before', 'driver.start web during'])
})

test('a write to a journal is named by what it says', async () => {
  const { services, passed } = stage(async () => undefined)
  const journal = services.store.journalOf('shop' as never, 1 as never, 1)
  await journal.append(1, { is: 'started', step: 'plan', at: '2026-01-01T00:00:00.000Z' })
  expect(passed.at(-1)).toBe('journal.append started:plan after')
  expect(await journal.read()).toHaveLength(1)
})
