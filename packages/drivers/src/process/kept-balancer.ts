import { PlimsollError, type Unit } from '@plimsoll/model'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeListening } from './describe-listening.ts'
import { writeRecord } from './durable-file.ts'
import type { Kept } from './keeper.ts'
import { lastLines } from './log-file.ts'
import { unitDirectory, type Place } from './place.ts'
import { isAlive } from './process-table.ts'
import { readRun, readUnit, runFile, type UnitRecord } from './records.ts'
import type { Yard } from './start-unit.ts'

const program = fileURLToPath(new URL('balancer-main.ts', import.meta.url))
/** Else its memory grows under load: 112 MB after 30,000 requests over 64 connections, 83 MB with it, 69 MB before (one run each, Node 24). */
const leanHeap = ['--optimize-for-size']
const patienceMs = 10_000
const pollMs = 50

export function newBalancerId(unit: Unit): string {
  return `${unit.name}-inner-${randomBytes(4).toString('hex')}`
}

/** What stands behind the unit's inner address, as the keeper keeps it: a process of its own, so that it goes on when Plimsoll ends. */
export function keptBalancer(yard: Yard, { app, unit }: UnitRecord, id: string): Kept {
  const { place, platform } = yard
  const directory = unitDirectory(place, app, unit.name)
  return {
    id,
    runFile: runFile(place, { app, unit }, 'inner'),
    async wanted() {
      const record = await readUnit(place, app, unit.name)
      if (record === undefined || record.stopping || record.inner !== id) return undefined
      const { port } = await yard.inner(app, unit)
      await settleBalancer(yard, record)
      return {
        command: [platform.nodePath, ...leanHeap, program, String(port), portsFile(place, record)],
        directory,
        marker: { place: place.id, role: 'inner', app, unit, id },
        environment: {},
        logFile: logFileOf(place, record),
      }
    },
  }
}

/** Writes down over which instances the unit's balancer balances, from the next connection on. A unit without one needs nothing. */
export async function settleBalancer({ place, addresses }: Yard, { app, unit, inner, instances }: UnitRecord): Promise<void> {
  if (inner === undefined) return
  await writeRecord(portsFile(place, { app, unit }), (await addresses(app, unit, instances.length)).map(({ port }) => port))
}

/** Returns when the unit's balancer listens, and at once for a unit without one. Throws `PORT_TAKEN` when it does not within 10 s. */
export async function untilBalanced(yard: Yard, record: UnitRecord, signal: AbortSignal): Promise<void> {
  const { place, clock } = yard
  const { app, unit, inner: id } = record
  if (id === undefined) return
  const wanted = await yard.inner(app, unit)
  for (const until = clock.now() + patienceMs; clock.now() < until; await clock.sleep(pollMs, signal)) {
    const run = await readRun(runFile(place, record, 'inner'))
    // Not by connecting: whoever else may have the port would answer too, and an instance would see a stranger come and go.
    const open = run !== undefined && isAlive(run.process) ? await describeListening({ id, pid: run.process.pid }) : []
    if (open.some(({ port }) => port === wanted.port)) return
  }
  throw new PlimsollError('PORT_TAKEN', `The inner address of ${unit.service}, ${wanted.host}:${wanted.port}, was not open within ${patienceMs / 1_000} s`, {
    hint: 'Stop what occupies it, or look at it: ss -ltnp',
    details: { service: unit.service, log: await lastLines(logFileOf(place, record), 50) },
  })
}

/** Not among the unit's logs, which are the user's. */
function logFileOf(place: Place, { app, unit }: Pick<UnitRecord, 'app' | 'unit'>): string {
  return join(unitDirectory(place, app, unit.name), 'inner.log')
}

function portsFile(place: Place, { app, unit }: Pick<UnitRecord, 'app' | 'unit'>): string {
  return join(unitDirectory(place, app, unit.name), 'inner.json')
}
