import type { Instance } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { blueGreen } from './blue-green.ts'
import { releaseWorld } from './fakes/release-world.ts'

const health = (is: NonNullable<Instance['health']>['is'], says = ''): Instance['health'] => ({ is, says })

function worldWhere(said: (ranMs: number) => Instance['health'], path?: string) {
  const scene = releaseWorld({ behaviour: ({ spec: { service } }) => (service === 'api' ? { health: said } : {}) })
  for (const spec of scene.world.specs) {
    delete (spec as { healthCheckPath?: string }).healthCheckPath
    if (path !== undefined) Object.assign(spec, { healthCheckPath: path })
  }
  return scene
}

test('without a health path a candidate is trusted once the check of its image says that it is healthy', async () => {
  const { release, clock } = worldWhere((ranMs) => health(ranMs < 20_000 ? 'starting' : 'healthy'))
  const began = clock.now()
  expect(await release(1, blueGreen.steps)).toMatchObject({ is: 'completed' })
  expect(clock.now() - began).toBeGreaterThanOrEqual(20_000)
})

test('a candidate whose image says that it is not well does not go live, and what its check printed is told', async () => {
  const { release, live } = worldWhere(() => health('unhealthy', 'no route to the cache'))
  expect(await release(1, blueGreen.steps)).toMatchObject({ is: 'undone', problem: { code: 'CANDIDATE_UNHEALTHY', message: expect.stringMatching(/api's image said "unhealthy" for 120 s: no route to the cache/) } })
  expect(await live()).toBeUndefined()
})

test('a health path is asked in place of what the image brings along', async () => {
  const { release } = worldWhere(() => health('unhealthy'), '/healthz')
  expect(await release(1, blueGreen.steps)).toMatchObject({ is: 'completed' })
})
