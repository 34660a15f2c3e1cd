import { manualClock } from '@plimsoll/engine/fakes'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { createClusterEdges } from './cluster-edges.ts'

const never = new AbortController().signal

/** The machines n1, n2, …, each with one task of the edges after the other: what is wanted of it, and what it is. */
function membersWith(...machines: readonly (readonly [wanted: string, state: string])[][]): Promise<readonly string[]> {
  const home = mkdtempSync(join(tmpdir(), 'cluster-edges-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const nodes = machines.map((_, index) => ({ ID: `id${index + 1}`, Description: { Hostname: `n${index + 1}` }, Status: { Addr: `10.0.0.${index + 1}` } }))
  const tasks = machines.flatMap((each, index) => each.map(([DesiredState, State]) => ({ NodeID: `id${index + 1}`, ServiceID: 's', DesiredState, Status: { State } })))
  const answers: Readonly<Record<string, unknown>> = { '/nodes': nodes, '/tasks': tasks }
  const engine = {
    address: { via: 'socket', path: '/nowhere' },
    call: async () => ({ status: 200, body: JSON.stringify({ ID: 's', Version: { Index: 1 }, Spec: {} }) }),
    read: async (schema, { path }) => schema.parse(answers[path]),
  } as Partial<DockerEngine> as DockerEngine
  const edges = createClusterEdges({
    home, managers: [engine], clock: manualClock(), secrets: {}, login: {},
    wanted: { image: 'edge@sha256:0', uid: 1, constraint: 'node.role == manager', ports: { users: 80, control: 4_075 } },
  })
  return edges.members(never).then((found) => found.map(({ name, host, port }) => `${name} ${host}:${port}`))
}

test('an edge on a machine that is cut off is one of them, though the cluster wants it no more: it serves on, and again when it is back', async () => {
  expect(await membersWith([['running', 'running']], [['shutdown', 'running']])).toEqual(['n1 10.0.0.1:4075', 'n2 10.0.0.2:4075'])
})

test('an edge that begins is one of them, and so is the machine of one that has its successor', async () => {
  expect(await membersWith([['running', 'preparing']], [['shutdown', 'complete'], ['running', 'starting']])).toEqual(['n1 10.0.0.1:4075', 'n2 10.0.0.2:4075'])
})

test('an edge that has ended, or never had a container, is none of them', async () => {
  expect(await membersWith([['shutdown', 'shutdown']], [['shutdown', 'failed'], ['shutdown', 'preparing']], [])).toEqual([])
})
