import { rm } from 'node:fs/promises'
import { fakeEdge } from '@plimsoll/engine/fakes'
import { appNameSchema } from '@plimsoll/model'
import { describeEdge, type EdgeUnderTest } from '../src/contract/describe-edge.ts'
import { assetsDirectory, edgeUnderTest } from './edge-under-test.ts'
import { freePort } from './edge-world.ts'

describeEdge('the edge behind its control socket', async () => edgeUnderTest())

describeEdge('the fake edge', async (): Promise<EdgeUnderTest> => {
  const takenPort = await freePort()
  const edge = fakeEdge({ portsTaken: [takenPort] })
  const assets = await assetsDirectory()
  const visit = async (): Promise<void> => edge.count(appNameSchema.parse('shop'), '1/web', { requests: 1, responses5xx: 1, upstreamFailures: 1, failedPaths: ['/'], latency: { bucketsMs: [], counts: [1] } })
  return { edge, another: () => edge, freePort, visit, takenPort, assets, dispose: async () => rm(assets, { recursive: true }) }
})
