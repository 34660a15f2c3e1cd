import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EdgeUnderTest } from '../src/contract/describe-edge.ts'
import { createEdge } from '../src/control/create-edge.ts'
import { edgeWorld, freePort } from './edge-world.ts'

/** A real edge in a world of its own, for the contract suite. */
export async function edgeUnderTest(options?: Parameters<typeof edgeWorld>[0]): Promise<EdgeUnderTest> {
  const world = await edgeWorld(options)
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
}

export async function assetsDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'plimsoll-assets-'))
  await writeFile(join(directory, 'main-1234.js'), 'one()')
  return directory
}
