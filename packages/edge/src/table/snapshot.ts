import { createHash } from 'node:crypto'
import { readFile, rename } from 'node:fs/promises'
import { PlimsollError, type ReleaseNumber, releaseNumberSchema } from '@plimsoll/model'
import { z } from 'zod'
import { type Served, servedSchema } from './served.ts'
import { writeDurably } from './write-durably.ts'

/** What survives the edge's death: the whole table, and the highest fence seen for each app (also for apps that are gone). */
export interface Snapshot extends Served {
  readonly fences: Readonly<Record<string, number>>
  /** The highest cut-off of each app, also of apps that are gone. Absent in snapshots of edges that knew none. */
  readonly cutOffs?: Readonly<Record<string, ReleaseNumber>> | undefined
  /** Of the table, where several edges have the same; absent for an edge alone. */
  readonly generation?: number | undefined
}

export const snapshotSchema = servedSchema.extend({
  fences: z.record(z.string(), z.number().int().nonnegative()),
  cutOffs: z.record(z.string(), releaseNumberSchema).optional(),
  generation: z.number().int().positive().optional(),
})
const fileSchema = z.object({ version: z.literal(1), sha256: z.string(), snapshot: snapshotSchema })

/** Replaces the snapshot in one step; when it returns, a power cut brings back this one and no other. */
export async function saveSnapshot(path: string, snapshot: Snapshot): Promise<void> {
  const file = { version: 1, sha256: sumOf(snapshot), snapshot }
  await writeDurably(path, `${JSON.stringify(file)}\n`)
}

/**
 * The snapshot at `path`; an empty one when there is none yet.
 * A damaged one is moved aside and refused with `EDGE_DOWN`: to serve nothing where something was served is not a start.
 */
export async function loadSnapshot(path: string, now: Date): Promise<Snapshot> {
  const text = await readIfThere(path)
  if (text === undefined) return { apps: [], fences: {} }
  const snapshot = understand(text)
  if (snapshot !== undefined) return snapshot
  const aside = `${path}.damaged-${now.toISOString().replaceAll(':', '')}`
  await rename(path, aside)
  throw new PlimsollError('EDGE_DOWN', `The edge did not start: its table ${path} is damaged. It was kept as ${aside}.`, {
    hint: 'Put a good copy back in its place, or start again with an empty table and release once more: plimsoll up',
    details: { path, aside },
  })
}

/**
 * Reads the snapshot and forgets it. The first reading in a process takes some 60 ms of its processor, in which the schemas become
 * code; whoever has to take over at once does that before. Changes nothing, and never throws: the time to judge comes later.
 */
export async function rehearseSnapshot(path: string): Promise<void> {
  await readIfThere(path).then((text) => text !== undefined && understand(text), () => undefined)
}

function understand(text: string): Snapshot | undefined {
  const file = fileSchema.safeParse(parsed(text))
  if (!file.success) return undefined
  return sumOf(file.data.snapshot) === file.data.sha256 ? file.data.snapshot : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the schema then refuses `undefined`, which is the one place where damage is judged.
    return undefined
  }
}

function sumOf(snapshot: Snapshot): string {
  return createHash('sha256').update(JSON.stringify(snapshotSchema.parse(snapshot))).digest('hex')
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
