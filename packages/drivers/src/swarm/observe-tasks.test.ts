import { manualClock } from '@plimsoll/engine/fakes'
import { appNameSchema, releaseNumberSchema, serviceNameSchema, unitName } from '@plimsoll/model'
import { expect, test } from 'vitest'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { labelsOf } from '../container/place-labels.ts'
import { openCluster, type Cluster, type Task } from './cluster.ts'
import { instancesOf, kindLabel, observeTasks } from './observe-tasks.ts'

const [app, service, release] = [appNameSchema.parse('shop'), serviceNameSchema.parse('web'), releaseNumberSchema.parse(2)]
const unit = { name: unitName(app, service, release), service, release }
const marks = { app, unit, role: 'instance', id: 'shop-web-r2-{{.Task.Slot}}-0a' } as const
const spec = { Labels: kindLabel('web'), Mode: {}, TaskTemplate: { ContainerSpec: { Image: '' } } }
const task = (slot: number, more: Partial<Task>): Task => ({
  id: 't', service: 's', slot, createdAt: '', node: 'n', wanted: 'running', state: 'running', since: '2026-01-01T00:00:00Z', says: '', hasContainer: true, pid: 7, exitCode: 0, image: '', labels: {}, addresses: {}, ...more,
})
const seen = (...tasks: Task[]) => instancesOf({ marks, replicas: 1, spec }, tasks)

test('a task that runs is an instance, at the name of its slot and with its own id', () => {
  expect(seen(task(1, {}))).toEqual([{ id: 'shop-web-r2-1-0a', unit, restarts: 0, address: { host: '1.web-r2.shop.internal', port: 10_000 }, state: 'running', startedAt: '2026-01-01T00:00:00Z', pid: 7 }])
})

test('one that failed backs off with its exit until the next one runs, which counts as a restart', () => {
  expect(seen(task(1, { state: 'failed', exitCode: 3 }), task(1, { state: 'ready' }))).toMatchObject([{ state: 'backing-off', exit: { code: 3, signal: null }, restarts: 1 }])
  expect(seen(task(1, { state: 'failed', exitCode: 137 }), task(1, {}))).toMatchObject([{ state: 'running', restarts: 1 }])
})

test('one that was taken to another machine has not ended by itself', () => {
  expect(seen(task(1, { wanted: 'shutdown', state: 'shutdown', exitCode: 143 }), task(1, { state: 'preparing' }))).toEqual([expect.objectContaining({ state: 'starting', restarts: 0 })])
})

test('a slot that the unit has no more is no instance', () => {
  expect(seen(task(1, {}), task(2, {}))).toHaveLength(1)
})

test('what was told to end is seen until it has ended, though its service is gone, unless its machine is lost', async () => {
  const place = { home: '/nowhere', id: '0123456789abcdef' }
  const sent = (node: string, state: string, of = place) => ({
    ID: node, ServiceID: 'gone', Slot: 2, CreatedAt: '', NodeID: node, DesiredState: 'remove',
    Spec: { ContainerSpec: { Image: '', Labels: labelsOf(of, marks) } }, Status: { Timestamp: '2026-01-01T00:00:00Z', State: state, ContainerStatus: { PID: 7 } },
  })
  const answers: Readonly<Record<string, readonly unknown[]>> = {
    '/services': [], '/tasks': [sent('here', 'running'), sent('here', 'complete'), sent('lost', 'running'), sent('here', 'running', { ...place, id: 'another' })],
    '/nodes': [{ ID: 'here', Description: { Hostname: 'n1' }, Status: { State: 'ready' } }, { ID: 'lost', Description: { Hostname: 'n2' }, Status: { State: 'down' } }],
  }
  const read: DockerEngine['read'] = async (schema, { path }) => schema.parse(answers[path])
  const parts: Pick<Cluster, 'place' | 'clock'> & { readonly managers: Pick<DockerEngine, 'read'> } = { place, managers: { read }, clock: manualClock() }
  const cluster = openCluster(parts as Cluster)
  expect(await observeTasks(cluster, app, new AbortController().signal)).toEqual([{ id: 'shop-web-r2-2-0a', unit, restarts: 0, state: 'running', startedAt: '2026-01-01T00:00:00Z', pid: 7 }])
})
