import { manualClock } from '@plimsoll/engine/fakes'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { createSwarmDriver } from './swarm-driver.ts'

const unused = () => Promise.reject(new Error('not asked here'))

test('a container through which a Plimsoll that died has looked into an image is removed from the workshop, and no other', async () => {
  const home = mkdtempSync(join(tmpdir(), 'swarm-driver-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const asked: string[] = []
  const workshop = {
    address: { via: 'socket', path: '/nowhere' },
    read: async (schema, { path, query }) => {
      asked.push(`${path} ${JSON.stringify(query)}`)
      return schema.parse([{ Id: 'left' }])
    },
    call: async ({ method, path }) => {
      asked.push(`${method} ${path}`)
      return { status: 204, body: '' }
    },
  } as Partial<DockerEngine> as DockerEngine
  const manager: DockerEngine = { address: { via: 'socket', path: '/nowhere' }, call: unused, read: unused, bytes: unused, stream: unused }
  const driver = createSwarmDriver({ home, managers: [manager], workshop, doorImage: 'edge@sha256:0', dataLabel: 'plimsoll.data', builder: { build: unused }, registry: { fetch: unused, authorization: unused }, clock: manualClock() })
  await driver.sweep(AbortSignal.timeout(5_000))
  expect(asked).toEqual([expect.stringMatching(/^\/containers\/json .*"plimsoll.role=probe"/), 'DELETE /containers/left'])
})
