import { afterEach, beforeEach, expect, test } from 'vitest'
import { fakeEngines } from '../../test/fake-engines.ts'
import { openBuildCache } from './build-cache.ts'

const { serve } = fakeEngines({ beforeEach, afterEach })

test('a cache is pruned only when something was built since, or that is not known, and again where it failed', async () => {
  const asked: string[] = []
  let status = 200
  const engine = await serve('1.41', ({ url = '' }, response) => void response.writeHead(status).end(asked.push(url) && '{"SpaceReclaimed":0}'))
  const cache = openBuildCache({ engine, bytes: 1e6 })
  await cache.prune()
  await cache.prune()
  expect(asked).toEqual(['/v1.41/build/prune?all=true&keep-storage=1000000'])
  cache.grows()
  status = 500
  await expect(cache.prune()).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
  status = 200
  await cache.prune()
  await cache.prune()
  expect(asked).toHaveLength(3)
})

test('a cache without a limit is never pruned', async () => {
  let asked = 0
  const engine = await serve('1.41', (_, response) => void response.end(String((asked += 1))))
  await openBuildCache({ engine, bytes: undefined }).prune()
  expect(asked).toBe(0)
})
