import { fakeEdge } from '@plimsoll/engine/fakes'
import { appNameSchema, releaseNumberSchema, type AppName, type Traffic } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { edgeByPlace } from './edge-by-place.ts'

const never = new AbortController().signal
const [mine, theirs] = [appNameSchema.parse('mine'), appNameSchema.parse('theirs')]
const release = releaseNumberSchema.parse(1)
const trafficOf = (app: AppName): Traffic => ({ app, fence: 1, entries: {}, live: { release, targets: {}, deploymentIds: {} }, previous: [] })

test('what is for an app goes to the edges of the place that it lives in, and what is for all to all', async () => {
  const [here, there] = [fakeEdge(), fakeEdge()]
  const edge = edgeByPlace({ here, of: async (app) => (app === theirs ? there : undefined), others: async () => [there] })
  for (const app of [mine, theirs]) await edge.shift(trafficOf(app), never)
  expect([here.history(mine).length, here.history(theirs).length, there.history(mine).length, there.history(theirs).length]).toEqual([1, 0, 0, 1])
  expect([...(await edge.standings(never)).keys()].toSorted()).toEqual([mine, theirs])
  await edge.tidy({ maxBytes: 0, minFreeBytes: 0 }, never)
  expect([here.tidied.length, there.tidied.length]).toEqual([1, 1])
})
