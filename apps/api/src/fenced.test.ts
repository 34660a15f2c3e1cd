import { memoryLeases, manualClock } from '@plimsoll/engine/fakes'
import { appNameSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { effects, fenced } from './fenced.ts'
import type { Services } from './services.ts'

const app = appNameSchema.parse('shop')
const every = Object.entries(effects).flatMap(([part, verbs]) => verbs.map((verb) => [part, verb] as const))

test.each(every)('%s.%s is done for whoever has the lease, and by nobody whose lease was lost', async (part, verb) => {
  const leases = memoryLeases({ clock: manualClock() })
  const lease = await leases.acquire(app, { holder: 'one', waitMs: 0 }, new AbortController().signal)
  const done: string[] = []
  const services = { driver: {}, edge: {}, resources: {}, [part]: { [verb]: async () => void done.push(verb) } } as unknown as Services
  const act = (fenced(services, lease) as unknown as Record<string, Record<string, () => Promise<unknown>>>)[part]?.[verb]
  await act?.()
  leases.lose(app)
  await expect(act?.()).rejects.toMatchObject({ code: 'FENCED_OFF' })
  expect(done).toEqual([verb])
})
