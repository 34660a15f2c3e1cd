import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { test } from 'vitest'
import { describeEdge, type EdgeUnderTest } from '../src/contract/describe-edge.ts'
import type { Edge } from '@plimsoll/engine'
import { whyNoHaproxy } from '../src/contract/why-no-haproxy.ts'
import { locateHaproxy } from '../src/haproxy/locate-haproxy.ts'
import { assetsDirectory } from './edge-under-test.ts'
import { freePort } from './edge-world.ts'
import { fleetWorld } from './fleet-world.ts'

async function fleetUnderTest(names: readonly string[], haproxy?: string): Promise<EdgeUnderTest> {
  const world = await fleetWorld(names, haproxy === undefined ? {} : { haproxy })
  const [edge, another] = await Promise.all([world.fleet(), world.fleet()])
  // On the address of the last edge only: one that cannot take a table is enough.
  const squatter = createServer().listen(0, world.members.at(-1)?.host)
  await once(squatter, 'listening')
  const address = squatter.address()
  const takenPort = typeof address === 'object' && address !== null ? address.port : 0
  const assets = await assetsDirectory()
  let visits = 0
  return {
    edge,
    another: (): Edge => another,
    freePort,
    takenPort,
    assets,
    async visit(port) {
      const { host } = world.members[visits % names.length] ?? { host: '' }
      visits += 1
      await (await fetch(`http://${host}:${port}/`)).arrayBuffer()
    },
    async dispose() {
      await world.close()
      squatter.close()
      await rm(assets, { recursive: true })
    },
  }
}

describeEdge('a fleet of three edges', async () => fleetUnderTest(['one', 'two', 'three']))
describeEdge('a fleet of one edge', async () => fleetUnderTest(['one']))

const missing = whyNoHaproxy(process.env)
if (missing === undefined) describeEdge('a fleet of two edges behind HAProxy', async () => fleetUnderTest(['one', 'two'], locateHaproxy(process.env['PATH'])))
else test.skip(missing, () => undefined)
