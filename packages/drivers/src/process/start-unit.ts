import { allSettled, type Clock, type RunnableUnit } from '@plimsoll/engine'
import { listens, PlimsollError, type Address, type AppName, type Unit, type UnitSpec } from '@plimsoll/model'
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { endInstances } from './end-instances.ts'
import { keptBalancer, newBalancerId, settleBalancer, untilBalanced } from './kept-balancer.ts'
import type { Keeper, Kept } from './keeper.ts'
import { logsDirectory, unitDirectory, type Place } from './place.ts'
import { readUnit, runFile, writeUnit, type UnitRecord } from './records.ts'
import { homeDirectory, shellCommand, temporaryDirectory, unitEnvironment, type Platform } from './unit-environment.ts'
import { ensureWorkingCopy, workDirectory } from './working-copy.ts'

/** What the verbs of the driver work with. */
export interface Yard {
  readonly place: Place
  readonly platform: Platform
  readonly clock: Clock
  readonly keeper: Keeper
  /** Fires when the driver closes: whoever waits for a run that outlives us waits no longer. */
  readonly closing: AbortSignal
  /** Of the unit's first `count` instances. */
  readonly addresses: (app: AppName, unit: Unit, count: number) => Promise<readonly Address[]>
  /** Where the unit's balancer listens; only for units that have one. */
  readonly inner: (app: AppName, unit: Unit) => Promise<Address>
}

/** Writes down what should run, then makes it so. Started before, it is only completed. */
export async function startUnit(yard: Yard, runnable: RunnableUnit, signal: AbortSignal): Promise<UnitRecord> {
  const before = await readUnit(yard.place, runnable.app, runnable.unit.name)
  const record = recordOf(runnable, before)
  signal.throwIfAborted()
  await writeUnit(yard.place, record)
  const { app, unit, spec } = runnable
  const surplus = before?.instances.slice(record.instances.length) ?? []
  await settleBalancer(yard, record)
  await endInstances(yard, { app, unit, ids: surplus, graceMs: spec.maxShutdownDelayMs }, signal)
  await keepUnit(yard, record, signal)
  await untilBalanced(yard, record, signal)
  return record
}

/** Finds or starts every instance of a recorded unit, and its balancer, and keeps them running. */
export async function keepUnit(yard: Yard, record: UnitRecord, signal: AbortSignal): Promise<void> {
  if (record.stopping || record.instances.length === 0) return
  await prepareUnit(yard.place, record)
  const kept = record.instances.map((_, index) => keptInstance(yard, record, index))
  if (record.inner !== undefined) kept.push(keptBalancer(yard, record, record.inner))
  await allSettled(kept.map((each) => yard.keeper.keep(each, signal)))
}

/** Makes the directories that a unit's commands need; returns the root of its working copy. */
export async function prepareUnit(place: Place, { app, unit, artifact }: Pick<UnitRecord, 'app' | 'unit' | 'artifact'>): Promise<string> {
  const directory = unitDirectory(place, app, unit.name)
  await mkdir(homeDirectory(directory), { recursive: true, mode: 0o700 })
  await mkdir(temporaryDirectory(directory), { recursive: true, mode: 0o700 })
  const files = copyDirectory(directory)
  await ensureWorkingCopy(place, artifact, files)
  return files
}

export function copyDirectory(directory: string): string {
  return join(directory, 'files')
}

function keptInstance(yard: Yard, { app, unit, instances }: UnitRecord, index: number): Kept {
  const { place, platform } = yard
  const id = instances[index] ?? ''
  return {
    id,
    runFile: runFile(place, { app, unit }, index),
    async wanted() {
      const record = await readUnit(place, app, unit.name)
      if (record === undefined || record.stopping || record.instances[index] !== id) return undefined
      const directory = unitDirectory(place, app, unit.name)
      const address = listens(record.spec.kind) ? (await yard.addresses(app, unit, record.instances.length))[index] : undefined
      return {
        command: shellCommand(platform, record.spec.startCommand ?? ''),
        directory: await workDirectory(await prepareUnit(place, record), record.spec),
        marker: { place: place.id, role: 'instance', app, unit, id },
        environment: unitEnvironment({ platform, directory, given: record.environment, address }),
        logFile: join(logsDirectory(place, app, unit.name), `${index}.log`),
      }
    },
  }
}

function recordOf({ app, unit, spec, artifact, environment }: RunnableUnit, before: UnitRecord | undefined): UnitRecord {
  const instances = Array.from({ length: instanceCount(spec) }, (_, index) => {
    return before?.instances[index] ?? `${unit.name}-${index}-${randomBytes(4).toString('hex')}`
  })
  // A unit that is given fewer instances keeps its balancer: other units may have been told its address.
  const inner = before?.inner ?? (listens(spec.kind) && instances.length > 1 ? newBalancerId(unit) : undefined)
  return { app, unit, spec, artifact, environment: { ...environment }, instances, ...(inner !== undefined && { inner }), stopping: false }
}

/** Static sites are served by the edge, cron jobs run by `exec`, key-value servers belong to no release. */
function instanceCount(spec: UnitSpec): number {
  if (spec.kind !== 'web' && spec.kind !== 'pserv' && spec.kind !== 'worker') return 0
  if (spec.startCommand !== undefined) return spec.instances
  throw new PlimsollError('PLACE_CANNOT', `${spec.service} has no startCommand, and local processes run nothing else`, {
    hint: `Give services.${spec.service} a startCommand in render.yaml`,
  })
}
