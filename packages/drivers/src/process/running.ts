import { appNameSchema, unitSchema } from '@plimsoll/model'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { namesIn, readRecord, writeRecord } from './durable-file.ts'
import type { Place } from './place.ts'
import { isAlive, processIdSchema, type ProcessId } from './process-table.ts'

/** `instance` is kept running; `inner` balances over a unit's instances; `exec` is a command that ends by itself; `keyvalue` outlives releases. */
export const roleSchema = z.enum(['instance', 'inner', 'exec', 'keyvalue'])

/** What a process of ours carries in its environment, so that it is known again when everything else is lost. */
export const markerSchema = z.object({
  /** The id of the home directory: two Plimsolls on one machine do not touch each other. */
  place: z.string(),
  role: roleSchema,
  app: appNameSchema,
  /** Absent for key-value servers, which belong to no release. */
  unit: unitSchema.optional(),
  /** `RENDER_INSTANCE_ID`. */
  id: z.string(),
})
export type Marker = z.infer<typeof markerSchema>

const runningSchema = z.object({ process: processIdSchema, marker: markerSchema })

/**
 * Writes down who a process is. Servers that change their title (Redis, nginx) write over the environment
 * that Linux shows, and with it over their marker.
 */
export async function noteRunning(place: Place, process: ProcessId, marker: Marker): Promise<void> {
  await writeRecord(fileOf(place, process.pid), { process, marker })
}

/** Markers of living processes that were noted, by pid; drops the notes of those that have ended. */
export async function readRunning(place: Place): Promise<ReadonlyMap<number, Marker>> {
  const pids = (await namesIn(join(place.home, 'running'))).filter((name) => /^\d+\.json$/.test(name)).map((name) => Number.parseInt(name, 10))
  const notes = await Promise.all(pids.map(async (pid): Promise<[number, Marker][]> => {
    const note = await readRecord(fileOf(place, pid), runningSchema)
    if (note === undefined) return []
    if (isAlive(note.process)) return [[pid, note.marker]]
    await rm(fileOf(place, pid), { force: true })
    return []
  }))
  return new Map(notes.flat())
}

function fileOf(place: Place, pid: number): string {
  return join(place.home, 'running', `${pid}.json`)
}
