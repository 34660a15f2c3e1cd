import { expect, test } from 'vitest'
import { lateEngine } from './late-engine.ts'

test('an engine that the environment names wrongly fails whoever asks it, and nobody else', async () => {
  const engine = lateEngine({ DOCKER_HOST: 'npipe:////./pipe/docker_engine' })
  await expect(engine.call({ path: '/version', to: 'say which version it is' }, new AbortController().signal)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('npipe') })
  expect(() => engine.address).toThrow('DOCKER_HOST')
})
