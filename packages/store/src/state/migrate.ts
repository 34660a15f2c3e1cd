import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { type Kysely, sql, type Transaction } from 'kysely'
import { PlimsollError } from '@plimsoll/model'
import type { Tables } from './tables.ts'

const directory = new URL('../../migrations/', import.meta.url)

interface Migration {
  readonly number: number
  readonly name: string
  readonly text: string
  readonly digest: string
  /** What code must know to run on what it leaves; 0 for one that only adds. */
  readonly oldest: number
}

/**
 * Brings our schema up to date, all of it or nothing. Two processes at once take turns; the second
 * finds nothing to do. A schema that newer code has added to is fine: of two releases beside each other the older one runs on it, and so does one that
 * is gone back to. Throws `USAGE` when a newer Plimsoll has taken away what this one needs.
 */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const known = await readMigrations()
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('plimsoll:migrate', 0))`.execute(tx)
    const applied = await appliedMigrations(tx)
    refuseStrangers(known, applied)
    for (const migration of known.slice(applied.length)) await apply(tx, migration)
  })
}

async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).toSorted()
  return Promise.all(
    names.map(async (name, index) => {
      const text = await readFile(new URL(name, directory), 'utf8')
      if (Number.parseInt(name, 10) !== index + 1) throw new Error(`migrations/${name} should have number ${index + 1}`)
      return { number: index + 1, name, text, digest: createHash('sha256').update(text).digest('hex'), oldest: oldestIn(text) }
    }),
  )
}

/** A migration that takes something away says in a line of its own which code can still run: that which stopped to need it. */
export function oldestIn(text: string): number {
  return Number(/^-- Runs under what knows (\d{4}) and later\.$/m.exec(text)?.[1] ?? 0)
}

interface Applied {
  readonly number: number
  readonly digest: string
  readonly oldest: number
}

async function appliedMigrations(tx: Transaction<Tables>): Promise<readonly Applied[]> {
  // Asked first, because "if not exists" needs the right to create even when there is nothing to make.
  const { rows } = await sql<{ there: boolean }>`select to_regclass('plimsoll.migrations') is not null as there`.execute(tx)
  if (rows[0]?.there !== true) {
    await sql`create schema if not exists plimsoll`.execute(tx)
    await sql`create table plimsoll.migrations (number integer primary key, name text not null, digest text not null, applied_at timestamptz not null default now())`.execute(tx)
  }
  // Read by way of JSON, because the first ones were applied to a table without that column.
  return (await sql<Applied>`select number, digest, coalesce((to_jsonb(m) ->> 'oldest')::integer, 0) as oldest from plimsoll.migrations as m order by number`.execute(tx)).rows
}

function refuseStrangers(known: readonly Migration[], applied: readonly Applied[]): void {
  const oldest = Math.max(0, ...applied.map((each) => each.oldest))
  if (oldest > known.length) {
    throw new PlimsollError('USAGE', `Plimsoll's state was changed by a newer version so that this one cannot run on it (it knows schema ${known.length}, and ${oldest} is needed)`, {
      hint: 'Update Plimsoll, or use the version that wrote it.',
    })
  }
  const changed = known.find((migration, index) => applied[index] !== undefined && applied[index].digest !== migration.digest)
  if (changed !== undefined) throw new Error(`migrations/${changed.name} was changed after it had been applied; add a new one instead`)
}

async function apply(tx: Transaction<Tables>, migration: Migration): Promise<void> {
  await sql.raw(migration.text).execute(tx)
  await sql`insert into plimsoll.migrations (number, name, digest) values (${migration.number}, ${migration.name}, ${migration.digest})`.execute(tx)
  if (migration.oldest > 0) await sql`update plimsoll.migrations set oldest = ${migration.oldest} where number = ${migration.number}`.execute(tx)
}
