import { type Kysely, sql } from 'kysely'
import { isPlimsollError } from '@plimsoll/model'
import type { Tables } from '../state/tables.ts'
import { seal } from './envelope.ts'
import type { SecretKey } from './secret-key.ts'
import { sealedTables, type SealedTable } from './sealed-tables.ts'
import type { Vault } from './vault.ts'

export interface Resealing {
  readonly db: Kysely<Tables>
  readonly vault: Vault
  /** Under which everything is to be. */
  readonly current: SecretKey
  /** Rows of one transaction. */
  readonly batch?: number
  /** Called after each transaction. What it throws ends the work there. */
  readonly afterBatch?: () => Promise<void>
}

/**
 * Seals with the current key what is in plain or under another one, some rows at a time, while everything else goes on. Ended anywhere and begun
 * again it does what is left. What cannot be opened stays as it is. Gives how many were sealed, and how many stayed.
 */
export async function resealAll(work: Resealing): Promise<{ readonly sealed: number; readonly unopened: number }> {
  const done = { sealed: 0, unopened: 0 }
  for (const table of sealedTables) {
    for (let after: readonly string[] | undefined = []; after !== undefined; ) {
      const step: Step = await resealSome(work, table, after)
      done.sealed += step.sealed
      done.unopened += step.unopened
      after = step.last
      if (step.last !== undefined) await work.afterBatch?.()
    }
  }
  return done
}

interface Step {
  readonly sealed: number
  readonly unopened: number
  /** What names the last row that was looked at; undefined when there was none. */
  readonly last: readonly string[] | undefined
}

interface Row {
  readonly key: readonly string[]
  readonly plain: string | null
  readonly sealed: Buffer | null
}

async function resealSome({ db, vault, current, batch = 200 }: Resealing, of: SealedTable, after: readonly string[]): Promise<Step> {
  const name = sql.table(`plimsoll.${of.table}`)
  const key = sql.join(of.key.map((column) => sql.ref(column)))
  const below = after.length === 0 ? sql`true` : sql`(${key}) > (${sql.join(after)})`
  return db.transaction().execute(async (tx) => {
    // Held until they are written: whoever sets one of them meanwhile comes after, and not in between.
    const { rows } = await sql<Row>`
      select array[${key}] as key, ${of.plain === undefined ? sql`null` : sql.ref(of.plain)} as plain, sealed from ${name}
      where key_id is distinct from ${current.id} and ${below} order by ${key} limit ${batch} for update`.execute(tx)
    let sealed = 0
    for (const row of rows) {
      const secret = await secretIn(vault, of, row)
      if (secret === undefined) continue
      const envelope = seal(current, [of.table, ...row.key], secret)
      await sql`update ${name} set sealed = ${envelope}${of.plain === undefined ? sql`` : sql`, ${sql.ref(of.plain)} = null`} where (${key}) = (${sql.join(row.key)})`.execute(tx)
      sealed += 1
    }
    return { sealed, unopened: rows.length - sealed, last: rows.at(-1)?.key }
  })
}

async function secretIn(vault: Vault, { table }: SealedTable, { key, plain, sealed }: Row): Promise<string | undefined> {
  if (sealed === null) return plain ?? ''
  try {
    return await vault.open([table, ...key], sealed)
  } catch (error) {
    if (isPlimsollError(error)) return undefined
    throw error
  }
}
