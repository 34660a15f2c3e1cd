import type { StopReport } from '@plimsoll/engine'
import { toProblem, type AppName, type Unit } from '@plimsoll/model'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isMissing } from './durable-file.ts'
import { endInstances } from './end-instances.ts'
import { scratchPath, unitDirectory, type Place } from './place.ts'
import { readUnit, writeUnit, type UnitRecord } from './records.ts'
import type { Yard } from './start-unit.ts'

export interface StopRequest {
  readonly app: AppName
  readonly unit: Unit
  readonly graceMs: number
}

/**
 * Ends whatever carries the unit's mark, then forgets the unit; its balancer comes last, when nothing is left that
 * could answer through it. A stop that was cut off is completed by the next one.
 */
export async function stopUnit(yard: Yard, { app, unit, graceMs }: StopRequest, signal: AbortSignal): Promise<StopReport> {
  const { place, clock } = yard
  const until = clock.now() + graceMs
  const record = await readUnit(place, app, unit.name)
  if (record !== undefined) await noteStop(place, record)
  const report = await endInstances(yard, { app, unit, ids: record?.instances ?? [], graceMs, all: ['instance', 'exec'] }, signal)
  const balancers = record?.inner === undefined ? [] : [record.inner]
  await endInstances(yard, { app, unit, ids: balancers, graceMs: Math.max(0, until - clock.now()), all: ['inner'] }, signal)
  await removeUnit(place, app, unit)
  return report
}

/** Stopping is what a full disk must not prevent: without the note it only has no one who completes it after a crash. */
async function noteStop(place: Place, record: UnitRecord): Promise<void> {
  try {
    await writeUnit(place, { ...record, stopping: true })
  } catch (error) {
    if (toProblem(error).code !== 'DISK_FULL') throw error
  }
}

/** In one instant, so that a crash leaves either the whole unit or nothing of it. */
async function removeUnit(place: Place, app: AppName, unit: Unit): Promise<void> {
  const removed = scratchPath(place, 'stopped')
  await mkdir(dirname(removed), { recursive: true, mode: 0o700 })
  try {
    await rename(unitDirectory(place, app, unit.name), removed)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  await rm(removed, { recursive: true, force: true })
}
