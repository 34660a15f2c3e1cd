import type { Reach } from '@plimsoll/engine'
import type { Address, AppName, Unit } from '@plimsoll/model'
import { findContainers, type Dock } from './containers.ts'
import { runInside } from './run-inside.ts'

const withinMs = 3_000
/** A plan may give a tenth of a processor, with which Node takes its time to start. */
const patienceMs = 20_000
/** Containers, one after the other. */
const mostAsked = 4
/** What a shell, and the engine, end with for a program that is not there. */
const noNode = 127

/** What the asking program ends with. */
const ends: Readonly<Record<number, Reach>> = {
  0: { is: 'healthy' },
  10: { is: 'unreachable', reason: 'refused' },
  11: { is: 'unreachable', reason: 'timeout' },
  12: { is: 'unreachable', reason: 'there is no such name' },
  13: { is: 'unreachable', reason: 'failed' },
}

const asks = `const [host, port] = process.argv.slice(1)
const socket = require('node:net').connect({ host, port: Number(port), timeout: ${withinMs} })
socket.once('connect', () => process.exit(0)).once('timeout', () => process.exit(11))
socket.once('error', ({ code }) => process.exit({ ECONNREFUSED: 10, ENOTFOUND: 12, EAI_AGAIN: 12 }[code] ?? 13))`

export interface ReachQuestion {
  readonly app: AppName
  readonly unit: Unit
  readonly address: Address
}

/**
 * Opens a connection from inside of the app's network, where alone its names mean something: from an instance of the unit, or, where none
 * runs yet or its image has no Node to ask with, from another of the app's. Undefined for an address outside of that network.
 */
export async function reachInside(dock: Dock, { app, unit, address: { host, port } }: ReachQuestion, signal: AbortSignal): Promise<Reach | undefined> {
  if (!host.endsWith(`.${app}.internal`)) return undefined
  const running = (await findContainers(dock, { app, role: 'instance' }, signal)).filter(({ status }) => status === 'running')
  const [own, others] = [running.filter(({ marks }) => marks.unit.name === unit.name), running.filter(({ marks }) => marks.unit.name !== unit.name)]
  for (const { id, marks } of [...own.slice(0, 1), ...others].slice(0, mostAsked)) {
    // What the app's own Node is told is not for this one.
    const question = { container: id, command: ['node', '-e', asks, host, String(port)], environment: { NODE_OPTIONS: '' }, withinMs: patienceMs, to: `ask ${marks.unit.name} whether it reaches ${host}` }
    const reach = ends[(await runInside(dock, question, signal)) ?? noNode]
    if (reach !== undefined) return reach
  }
  return { is: 'unknown', because: 'nothing of the app runs that has Node to ask with' }
}
