import { appNameSchema, unitSchema } from '@plimsoll/model'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { namesIn, writeRecord } from './durable-file.ts'
import type { Place } from './place.ts'
import { identify, isAlive, processIdSchema, sameProcess, type ProcessEntry, type ProcessId } from './process-table.ts'
import { rememberDirectories, rememberRecords } from './remembered-records.ts'

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

const readNote = rememberRecords(z.object({ process: processIdSchema, marker: markerSchema }))

/**
 * Writes down who a process is. Servers that change their title (Redis, nginx) write over the environment
 * that Linux shows, and with it over their marker.
 */
export async function noteRunning(place: Place, process: ProcessId, marker: Marker): Promise<void> {
  await writeRecord(fileOf(place, process.pid), { process, marker })
}

/** Markers of living processes that were noted, by pid; drops the notes of those that have ended. `seen` are processes that were there a moment ago. */
export async function readRunning(place: Place, seen: readonly ProcessEntry[]): Promise<ReadonlyMap<number, Marker>> {
  const there = new Map(seen.map((entry) => [entry.pid, identify(entry)]))
  const markers = await Promise.all((await readNotes(join(place.home, 'running'))).map(async ({ path, process, marker }): Promise<[number, Marker][]> => {
    const same = there.get(process.pid)
    if ((same !== undefined && sameProcess(same, process)) || isAlive(process)) return [[process.pid, marker]]
    await rm(path, { force: true })
    return []
  }))
  return new Map(markers.flat())
}

const readNotes = rememberDirectories(async (directory) => {
  const paths = (await namesIn(directory)).filter((name) => /^\d+\.json$/.test(name)).map((name) => join(directory, name))
  const notes = await Promise.all(paths.map(async (path) => {
    const note = await readNote(path)
    return note === undefined ? [] : [{ path, ...note }]
  }))
  return notes.flat()
})

function fileOf(place: Place, pid: number): string {
  return join(place.home, 'running', `${pid}.json`)
}
