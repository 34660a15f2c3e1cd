import type pg from 'pg'
import { watchLocks, type HeldLock } from '../../database/lock-watch.ts'
import { firstRefused, insertProbes, onSchema, refusals, type InsertProbe, type Refusal } from '../../database/insert-probe.ts'
import { readSchema, type Schema } from '../../database/schema.ts'
import { schemaChanges, type SchemaChange } from '../../database/schema-changes.ts'
import { contentsChanged, readContents, type Contents } from '../../database/table-contents.ts'
import { withClient } from '../../database/with-client.ts'
import type { AppCopy, CopyDatabase, Rehearsal } from '../../rehearsal/rehearsal.ts'
import { perRehearsal } from '../per-rehearsal.ts'
import { raiseAtRest, runPreDeploy, type Stumble } from './pre-deploy.ts'

/** What the candidate's pre-deploy commands do to databases as those of the live release leave them. */
export interface MigrationStudy {
  /** Nothing runs in it; its databases are migrated. */
  readonly copy: AppCopy
  readonly tookMs: number
  readonly stumble: Stumble | undefined
  readonly databases: readonly StudiedDatabase[]
}

export interface StudiedDatabase {
  readonly name: string
  readonly before: Schema
  readonly after: Schema
  readonly changes: readonly SchemaChange[]
  /** Tables of which rows are not as they were. */
  readonly rewritten: readonly string[]
  readonly locks: readonly HeldLock[]
  /** Rows that were taken before, written by who knows no column that came since, and are refused now. */
  readonly refused: readonly Refusal[]
}

export type StudyMigration = (rehearsal: Rehearsal, signal: AbortSignal) => Promise<MigrationStudy>

/** Studied once for all who ask. Throws where nothing is live. */
export const studyMigration: StudyMigration = perRehearsal(study)

async function study(rehearsal: Rehearsal, signal: AbortSignal): Promise<MigrationStudy> {
  const copy = await raiseAtRest(rehearsal, { databases: 'live' }, signal)
  const databases = Object.values(copy.databases)
  const before = await Promise.all(databases.map((each) => withClient(each.here, lookBefore, {}, signal)))
  const watches = await Promise.all(databases.map(({ here }) => watchLocks(here, signal)))
  const began = performance.now()
  const stumble = await runPreDeploy(rehearsal, copy, signal)
  const tookMs = Math.round(performance.now() - began)
  const locks = await Promise.all(watches.map((watch) => watch.end()))
  const studied = await Promise.all(databases.map(async (database, at) => lookAfter(database, { earlier: before[at], locks: locks[at] }, signal)))
  return { copy, tookMs, stumble, databases: studied.flat() }
}

interface Earlier {
  readonly schema: Schema
  readonly contents: Contents
  /** Rows that it took. */
  readonly taken: readonly InsertProbe[]
}

async function lookBefore(client: pg.Client): Promise<Earlier> {
  const schema = await readSchema(client)
  const contents = await readContents(client, schema)
  const probes = insertProbes(schema)
  const refused = new Set((await refusals(client, probes)).map(({ probe }) => probe))
  return { schema, contents, taken: probes.filter((probe) => !refused.has(probe)) }
}

interface Seen {
  readonly earlier: Earlier | undefined
  readonly locks: readonly HeldLock[] | undefined
}

async function lookAfter({ name, here }: CopyDatabase, { earlier, locks = [] }: Seen, signal: AbortSignal): Promise<StudiedDatabase[]> {
  if (earlier === undefined) return []
  return withClient(here, async (client) => {
    const after = await readSchema(client)
    const rewritten = contentsChanged(earlier.contents, await readContents(client, after))
    const still = earlier.taken.flatMap((probe) => onSchema(probe, after) ?? [])
    return [{
      name, before: earlier.schema, after, rewritten, refused: firstRefused(await refusals(client, still)),
      changes: schemaChanges(earlier.schema, after),
      locks: locks.filter(({ table }) => table in earlier.schema.tables),
    }]
  }, {}, signal)
}

/** What is said where there is no release to hold the candidate against. */
export const nothingLive = 'Nothing is live yet, so there is no schema that has to be changed under it'

/** The changes that a program of before can meet, for people; those of `table` alone, where there are any. */
export function hurtful({ databases }: Pick<MigrationStudy, 'databases'>, table?: string): readonly string[] {
  const all = databases.flatMap(({ changes }) => changes.filter(({ hurts }) => hurts))
  const its = all.filter((change) => change.table === table)
  return (its.length > 0 ? its : all).map(({ what }) => what)
}

/** Whether the databases are just as they were: what is live runs on them already. */
export function isIdle({ databases }: Pick<MigrationStudy, 'databases'>): boolean {
  return databases.every(({ changes, rewritten }) => changes.length === 0 && rewritten.length === 0)
}
