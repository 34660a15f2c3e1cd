import { appNameSchema, PlimsollError, releaseNumberSchema, serviceNameSchema, unitName } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { labelsOf } from '../container/place-labels.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { measureTasks } from './measure-tasks.ts'
import { slotMark } from './observe-tasks.ts'

const place = { home: '/nowhere', id: '0123456789abcdef' }
const [app, service, release] = [appNameSchema.parse('shop'), serviceNameSchema.parse('web'), releaseNumberSchema.parse(2)]
const unit = { name: unitName(app, service, release), service, release }
const labels = { ...labelsOf(place, { app, unit, role: 'instance', id: `shop-web-r2-${slotMark}-0a` }), 'com.docker.swarm.task.name': 'shop-web-r2-1f2e3d.2.k3x9' }
const stats = { read: '2026-01-01T00:00:00Z', cpu_stats: { cpu_usage: { total_usage: 3_000_000 } }, memory_stats: { usage: 9_000, stats: { inactive_file: 1_000 } } }

function engineWith(answer: (path: string) => unknown): DockerEngine {
  const body = (path: string): string => JSON.stringify(answer(path))
  const call: DockerEngine['call'] = async ({ path }) => ({ status: 200, body: body(path) })
  return { call, read: async (schema, { path }) => schema.parse(JSON.parse(body(path))) } as Partial<DockerEngine> as DockerEngine
}

test('each engine tells what its own machine runs, by the id of the instance; of what is on a machine that is away nothing is told', async () => {
  const there = engineWith((path) => (path === '/containers/json' ? [{ Id: 'c1', Labels: labels }] : path.endsWith('/stats') ? stats : { HostConfig: { Memory: 64_000 } }))
  const away = engineWith(() => {
    throw new PlimsollError('ENGINE_DOWN', 'No Docker engine answers')
  })
  expect(await measureTasks({ engines: [away, there], place }, app, new AbortController().signal)).toEqual([
    { instance: 'shop-web-r2-2-0a', at: Date.parse(stats.read), cpuMs: 3, memoryBytes: 8_000, memoryLimitBytes: 64_000 },
  ])
})
