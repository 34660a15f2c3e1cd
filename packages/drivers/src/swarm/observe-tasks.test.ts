import { appNameSchema, releaseNumberSchema, serviceNameSchema, unitName } from '@plimsoll/model'
import { expect, test } from 'vitest'
import type { Task } from './cluster.ts'
import { instancesOf, kindLabel } from './observe-tasks.ts'

const [app, service, release] = [appNameSchema.parse('shop'), serviceNameSchema.parse('web'), releaseNumberSchema.parse(2)]
const unit = { name: unitName(app, service, release), service, release }
const marks = { app, unit, role: 'instance', id: 'shop-web-r2-{{.Task.Slot}}-0a' } as const
const spec = { Labels: kindLabel('web'), Mode: {}, TaskTemplate: { ContainerSpec: { Image: '' } } }
const task = (slot: number, more: Partial<Task>): Task => ({
  id: 't', service: 's', slot, createdAt: '', node: 'n', wanted: 'running', state: 'running', since: '2026-01-01T00:00:00Z', says: '', hasContainer: true, pid: 7, exitCode: 0, image: '', addresses: {}, ...more,
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
