import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { createEdge } from '../src/control/create-edge.ts'
import { describeEdge, type EdgeUnderTest } from '../src/contract/describe-edge.ts'
import { whyNoHaproxy } from '../src/contract/why-no-haproxy.ts'
import { locateHaproxy } from '../src/haproxy/locate-haproxy.ts'
import { edgeWorld, freePort } from './edge-world.ts'

const missing = whyNoHaproxy(process.env)
if (missing === undefined) describeEdge('the edge behind HAProxy', underTest)
else test.skip(missing, () => undefined)

async function underTest(): Promise<EdgeUnderTest> {
  const world = await edgeWorld({ haproxy: locateHaproxy(process.env['PATH']) })
  const takenPort = await world.rawUpstream(createServer())
  const assets = await mkdtemp(join(tmpdir(), 'plimsoll-assets-'))
  await writeFile(join(assets, 'a.js'), 'a')
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
}
