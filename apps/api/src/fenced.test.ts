import { memoryLeases, manualClock } from '@plimsoll/engine/fakes'
import { appNameSchema, PlimsollError } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { effects, fenced } from './fenced.ts'
import type { PlacedServices } from './services.ts'

const app = appNameSchema.parse('shop')
const every = Object.entries(effects).flatMap(([part, verbs]) => verbs.map((verb) => [part, verb] as const))

test.each(every)('%s.%s is done for whoever has the lease, and by nobody whose lease was lost', async (part, verb) => {
  const leases = memoryLeases({ clock: manualClock() })
  const lease = await leases.acquire(app, { holder: 'one', waitMs: 0 }, new AbortController().signal)
  const done: string[] = []
  const services = { driver: {}, edge: {}, resources: {}, clock: manualClock(), [part]: { [verb]: async () => void done.push(verb) } } as unknown as PlacedServices
  const act = (fenced(services, lease) as unknown as Record<string, Record<string, () => Promise<unknown>>>)[part]?.[verb]
  await act?.()
  leases.lose(app)
  await expect(act?.()).rejects.toMatchObject({ code: 'FENCED_OFF' })
  expect(done).toEqual([verb])
})

test('an edge that dies in the middle of a release is asked again when it is back, and not for ever', async () => {
  const clock = manualClock({ auto: true })
  const signal = new AbortController().signal
  const lease = await memoryLeases({ clock }).acquire(app, { holder: 'one', waitMs: 0 }, signal)
  let away = 3
  const shift = async (): Promise<void> => {
    if (away-- > 0) throw new PlimsollError('EDGE_DOWN', 'nobody answers')
  }
  const { edge } = fenced({ driver: {}, edge: { shift }, resources: {}, clock } as unknown as PlacedServices, lease)
  await expect(edge.shift({} as never, signal)).resolves.toBeUndefined()
  away = Infinity
  await expect(edge.shift({} as never, signal)).rejects.toMatchObject({ code: 'EDGE_DOWN' })
})
