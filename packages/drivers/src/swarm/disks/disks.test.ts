import { manualClock } from '@plimsoll/engine/fakes'
import { appNameSchema, serviceNameSchema } from '@plimsoll/model'
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { DockerEngine } from '../../docker-engine/docker-engine.ts'
import { openCluster } from '../cluster.ts'
import { createDisks, type Disks } from './disks.ts'

const never = new AbortController().signal
const app = appNameSchema.parse('shop')
const disk = { service: serviceNameSchema.parse('web'), name: 'uploads' }

interface Sent {
  readonly Name: string
  readonly Labels: Readonly<Record<string, string>>
  readonly Mode: { readonly Replicated: { readonly Replicas: number } }
  readonly TaskTemplate: { readonly ContainerSpec: { readonly Args: readonly string[]; readonly Labels: Readonly<Record<string, string>> } }
}

interface FakeCluster {
  readonly disks: Disks
  /** For which users a task was made, each time. */
  readonly given: string[]
  /** How the next tasks end; `running` ones never do. */
  ends: 'complete' | 'failed' | 'running'
  machine: 'ready' | 'down'
  /** How many tasks the service is to have now. */
  replicas(): number | undefined
}

/** A cluster of one machine that may keep data, in which a task ends as soon as it is wanted. */
function fakeCluster(): FakeCluster {
  let spec: Sent | undefined
  let version = 1
  let tasks: object[] = []
  const fake: Omit<FakeCluster, 'disks'> = { given: [], ends: 'complete', machine: 'ready', replicas: () => spec?.Mode.Replicated.Replicas }
  const node = () => ({ ID: 'x7', Description: { Hostname: 'n3' }, Spec: { Labels: { 'plimsoll.data': 'true' }, Availability: 'active' }, Status: { State: fake.machine } })
  const update = (sent: Sent): void => {
    [spec, version, tasks] = [sent, version + 1, []]
    const { Args, Labels } = sent.TaskTemplate.ContainerSpec
    if (sent.Mode.Replicated.Replicas === 0) return
    fake.given.push(Args.join())
    tasks = [{ ID: `t${version}`, ServiceID: 's1', Slot: 1, CreatedAt: '2026-01-01T00:00:00Z', DesiredState: 'running', Spec: { ContainerSpec: { Image: 'i', Labels } }, Status: { Timestamp: '2026-01-01T00:00:00Z', State: fake.ends, Err: fake.ends === 'failed' ? 'no such image' : '' } }]
  }
  const answer = (path: string): unknown => (path === '/nodes' ? [node()] : path === '/nodes/x7' ? node() : path === '/tasks' ? tasks : path === '/services' ? [] : spec && { ID: 's1', Version: { Index: version }, Spec: spec })
  const call: DockerEngine['call'] = async ({ method = 'GET', path, body }) => {
    if (method === 'POST') update(body as Sent)
    const found = answer(path)
    return { status: found === undefined ? 404 : 200, body: JSON.stringify(found ?? {}) }
  }
  const managers = { call, read: async (schema, { path }) => schema.parse(answer(path)) } as Partial<DockerEngine> as DockerEngine
  const place = { home: '/nowhere', id: randomBytes(8).toString('hex') }
  const doors = { dial: async () => Promise.reject(new Error('nobody dials')), shut: async () => undefined, close: async () => undefined }
  const disks = createDisks({ cluster: openCluster({ managers, place, clock: manualClock({ auto: true }), doors }), label: 'plimsoll.data', image: 'registry/edge@sha256:0', login: async () => ({}) })
  return Object.assign(fake, { disks })
}

test('a disk has one machine for ever, and no task beside the moment in which it is given to a user, once for each', async () => {
  const cluster = fakeCluster()
  expect(await cluster.disks.settle(app, disk, never)).toBe('x7')
  expect(await cluster.disks.settle(app, disk, never)).toBe('x7')
  expect([cluster.replicas(), cluster.given]).toEqual([0, []])
  for (const uid of [1_000, 1_000, 0, 1_000, 1_001, 1_000]) await cluster.disks.give(app, { ...disk, uid }, never)
  expect([cluster.replicas(), cluster.given]).toEqual([0, ['1000', '1001', '1000']])
})

test('a giving that fails says why, and one that was cut off is done again', async () => {
  const cluster = fakeCluster()
  cluster.ends = 'failed'
  await expect(cluster.disks.give(app, { ...disk, uid: 1_000 }, never)).rejects.toMatchObject({ code: 'ENGINE_REFUSED', message: 'The disk uploads of web could not be given to the user of its image: no such image' })
  expect(cluster.replicas()).toBe(0)
  cluster.ends = 'running'
  await expect(cluster.disks.give(app, { ...disk, uid: 1_000 }, AbortSignal.timeout(50))).rejects.toThrow()
  cluster.ends = 'complete'
  await cluster.disks.give(app, { ...disk, uid: 1_000 }, never)
  expect([cluster.replicas(), cluster.given]).toEqual([0, ['1000', '1000', '1000']])
})

test('while its machine is away it can be given to nobody, and that is said after twenty seconds', async () => {
  const cluster = fakeCluster()
  await cluster.disks.settle(app, disk, never)
  expect(await cluster.disks.whyNotThere(app, disk, never)).toBeUndefined()
  Object.assign(cluster, { ends: 'running', machine: 'down' })
  await expect(cluster.disks.give(app, { ...disk, uid: 1_000 }, never)).rejects.toMatchObject({ code: 'PLACE_CANNOT', message: expect.stringContaining('n3, which is away') })
})
