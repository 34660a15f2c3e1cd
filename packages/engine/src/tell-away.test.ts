import { expect, test } from 'vitest'
import { blueGreen } from './blue-green.ts'
import { releaseWorld, shop } from './fakes/release-world.ts'

test('a release whose switch some edges have not taken is live, and says which; one that stops what they may still ask says so too', async () => {
  const notices: string[] = []
  const { world, release, edge } = releaseWorld({ output: ({ text, notice }) => void (notice === true && notices.push(text)) })
  edge.misses(['node-2'])
  edge.drainsWith({ away: ['node-2'] })
  for (const [i, code] of ['v1', 'v2', 'v3'].entries()) {
    world.code = code
    expect(await release(i + 1, blueGreen.steps)).toEqual({ is: 'completed' })
  }
  expect(notices.filter((text) => text.startsWith('Edge away: node-2.'))).toHaveLength(3)
  expect(notices.filter((text) => text.startsWith('Edge away for too long: node-2.'))).toHaveLength(1)
})

test('a release that all edges have taken says nothing of it', async () => {
  const notices: string[] = []
  await releaseWorld({ output: ({ text }) => void notices.push(text) }).release(1, blueGreen.steps)
  expect(notices.filter((text) => text.startsWith('Edge'))).toEqual([])
})

test('the edge checks instances itself where they are on several machines, and nowhere else', async () => {
  const checksIn = async (can?: { readonly scatters: true }): Promise<unknown[]> => {
    const { release, edge, driver } = releaseWorld(can === undefined ? {} : { can })
    if (can !== undefined) driver.together = (_app, unit) => `${unit.name}.internal`
    await release(1, blueGreen.steps)
    const { targets = {} } = (await edge.live(shop, new AbortController().signal))?.live ?? {}
    return Object.values(targets).map((target) => (target.kind === 'instances' ? target.check : 'files'))
  }
  expect(await checksIn()).toEqual([undefined, undefined])
  expect(await checksIn({ scatters: true })).toEqual(['web', 'api'].map((service) => ({ everyMs: 500, path: '/healthz', name: `shop-${service}-r1.internal` })))
})
