import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fakeEdge } from '@plimsoll/engine/fakes'
import { appNameSchema } from '@plimsoll/model'
import { createEdge } from '../src/control/create-edge.ts'
import { describeEdge, type EdgeUnderTest } from '../src/contract/describe-edge.ts'
import { edgeWorld, freePort } from './edge-world.ts'

describeEdge('the edge behind its control socket', async (): Promise<EdgeUnderTest> => {
  const world = await edgeWorld()
  const takenPort = await world.rawUpstream(createServer())
  const assets = await assetsDirectory()
  return {
    edge: world.edge,
    another: () => createEdge(world.running),
    freePort,
    visit: async (port) => void (await (await fetch(`http://127.0.0.1:${port}/`)).arrayBuffer()),
    takenPort,
    assets,
    async dispose() {
      await world.close()
      await rm(assets, { recursive: true })
    },
  }
})

describeEdge('the fake edge', async (): Promise<EdgeUnderTest> => {
  const takenPort = await freePort()
  const edge = fakeEdge({ portsTaken: [takenPort] })
  const assets = await assetsDirectory()
  const visit = async (): Promise<void> => edge.count(appNameSchema.parse('shop'), '1/web', { requests: 1, responses5xx: 1, upstreamFailures: 1, failedPaths: ['/'], latency: { bucketsMs: [], counts: [1] } })
  return { edge, another: () => edge, freePort, visit, takenPort, assets, dispose: async () => rm(assets, { recursive: true }) }
})

async function assetsDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'plimsoll-assets-'))
  await writeFile(join(directory, 'main-1234.js'), 'one()')
  return directory
}
