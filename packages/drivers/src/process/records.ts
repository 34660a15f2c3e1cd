import { appNameSchema, artifactSchema, unitNameSchema, unitSchema, unitSpecSchema, type AppName, type UnitName } from '@plimsoll/model'
import { join } from 'node:path'
import { z } from 'zod'
import { namesIn, sweepHalfWritten, writeRecord } from './durable-file.ts'
import { unitDirectory, unitsDirectory, type Place } from './place.ts'
import { processIdSchema } from './process-table.ts'
import { rememberDirectories, rememberRecords } from './remembered-records.ts'

/** What should run: written before the first process is started, removed after the last has ended. */
export const unitRecordSchema = z.object({
  app: appNameSchema,
  unit: unitSchema,
  spec: unitSpecSchema,
  artifact: artifactSchema,
  environment: z.record(z.string(), z.string()),
  /** `RENDER_INSTANCE_ID` of each instance, by index. */
  instances: z.array(z.string()),
  /** The id of its balancer. Absent for a unit that never had more than one instance, or that does not listen. */
  inner: z.string().optional(),
  /** Set when a stop has begun: from then on nothing is started again. */
  stopping: z.boolean(),
})
export type UnitRecord = z.infer<typeof unitRecordSchema>

/** What became of one instance: written by whoever watches it. */
export const runRecordSchema = z.object({
  process: processIdSchema,
  startedAt: z.iso.datetime(),
  /** How often it was started again, in all. */
  restarts: z.number().int().nonnegative(),
  /** How often in a row it ended soon after its start. */
  failures: z.number().int().nonnegative(),
  ended: z.object({
    at: z.iso.datetime(),
    /** Absent when the end was noticed later, by somebody who is not the parent. */
    exit: z.object({ code: z.number().nullable(), signal: z.string().nullable() }).optional(),
    nextStartAt: z.iso.datetime(),
  }).optional(),
})
export type RunRecord = z.infer<typeof runRecordSchema>

const readUnitRecord = rememberRecords(unitRecordSchema)
export const readRun = rememberRecords(runRecordSchema)

function unitFile(place: Place, app: AppName, unit: UnitName): string {
  return `${unitDirectory(place, app, unit)}/unit.json`
}

/** Where the run of an instance is recorded, or that of the balancer. */
export function runFile(place: Place, record: Pick<UnitRecord, 'app' | 'unit'>, which: number | 'inner'): string {
  return `${unitDirectory(place, record.app, record.unit.name)}/run-${which}.json`
}

export function readUnit(place: Place, app: AppName, unit: UnitName): Promise<UnitRecord | undefined> {
  return readUnitRecord(unitFile(place, app, unit))
}

export function writeUnit(place: Place, record: UnitRecord): Promise<void> {
  return writeRecord(unitFile(place, record.app, record.unit.name), record)
}

const unitNames = rememberDirectories(async (directory) => z.array(unitNameSchema).parse(await namesIn(directory)))

export async function listUnits(place: Place, app: AppName): Promise<readonly UnitRecord[]> {
  const names = await unitNames(unitsDirectory(place, app))
  const records = await Promise.all(names.map((name) => readUnit(place, app, name)))
  return records.filter((record) => record !== undefined)
}

export async function listApps(place: Place): Promise<readonly AppName[]> {
  return (await namesIn(join(place.home, 'units'))).map((name) => appNameSchema.parse(name))
}

/** Removes what a Plimsoll that was killed has left half written of any record of this place. */
export async function sweepRecords(place: Place): Promise<void> {
  const units = (await listApps(place)).map(async (app) => {
    const directory = unitsDirectory(place, app)
    return (await namesIn(directory)).map((name) => join(directory, name))
  })
  const directories = [place.home, join(place.home, 'running'), ...(await Promise.all(units)).flat()]
  await Promise.all(directories.map(sweepHalfWritten))
}
