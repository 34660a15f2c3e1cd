import { PlimsollError } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { askPlace, type PlaceParts } from './ask-place.ts'

const shop = { name: 'shop', place: 'docker' } as unknown as Parameters<typeof askPlace>[1]

function placesWhere(observe: (app: string, signal: AbortSignal) => Promise<readonly never[]>): PlaceParts {
  return { places: { open: async () => ({ driver: { observe } }) as never }, patienceMs: 20 }
}

const stuck = placesWhere(async (_, signal) => {
  signal.throwIfAborted()
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
})

test('a place that says nothing in time is silent, which is an answer', async () => {
  expect(await askPlace(stuck, shop, new AbortController().signal)).toMatchObject({ problem: { code: 'PLACE_SILENT', message: expect.stringContaining('docker') } })
})

test('whoever does not want to know any more gets no answer', async () => {
  const looking = new AbortController()
  const asked = askPlace({ ...stuck, patienceMs: 60_000 }, shop, looking.signal)
  looking.abort(new Error('left'))
  await expect(asked).rejects.toThrow('left')
})

test('why a place does not say is told, and a bug is thrown', async () => {
  const down = placesWhere(() => Promise.reject(new PlimsollError('ENGINE_DOWN', 'away')))
  expect(await askPlace(down, shop, new AbortController().signal)).toMatchObject({ problem: { code: 'ENGINE_DOWN', message: 'away' } })
  await expect(askPlace(placesWhere(() => Promise.reject(new Error('oops'))), shop, new AbortController().signal)).rejects.toThrow('oops')
})
