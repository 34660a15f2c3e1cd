import { createHash } from 'node:crypto'
import { type AppName, PlimsollError } from '@plimsoll/model'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { SecretPlace } from '../sealing/envelope.ts'
import type { Vault } from '../sealing/vault.ts'
import type { Tables } from './tables.ts'

/**
 * Values that belong to an app and not to a release: `generateValue` values, and what `plimsoll env set`
 * keeps. Keys are `<service>/<KEY>` or `group:<group>/<KEY>`.
 *
 * They are sealed before they reach the database, each for its own app and key. What reads or writes one throws
 * `SECRETS_LOCKED` where the key is missing; what only names them needs none.
 */
export interface KeptValues {
  get(app: AppName, key: string): Promise<string | undefined>
  set(app: AppName, key: string, value: string): Promise<void>
  /** Sets all of `values`, or none. With `onlyIf` only while the app's values are as they were when {@link version} said that; throws `CHANGED_MEANWHILE` otherwise. */
  setAll(app: AppName, values: Readonly<Record<string, string>>, onlyIf?: Expected): Promise<void>
  /** Says something else after each change of the app's values. */
  version(app: AppName): Promise<string>
  /** The value that is kept, or else the one that `make` gives, kept from now on. Callers at the same moment get the same value. */
  settle(app: AppName, key: string, make: () => string): Promise<string>
  /** Returns whether there was one. `onlyIf` as for {@link setAll}. */
  unset(app: AppName, key: string, onlyIf?: Expected): Promise<boolean>
  /** Which there are, without the values, by key. */
  list(app: AppName): Promise<readonly KeptValue[]>
  /** key → value, for wiring. */
  values(app: AppName): Promise<Readonly<Record<string, string>>>
}

/** One of these versions. */
export type Expected = readonly string[]

export interface KeptValue {
  readonly key: string
  /** True when Plimsoll made it up. */
  readonly generated: boolean
  readonly changedAt: string
}

interface Kept {
  readonly db: Kysely<Tables>
  readonly vault: Vault
}

export function keptValuesIn({ db, vault }: Kept): KeptValues {
  const of = (app: AppName) => db.selectFrom('plimsoll.kept_values').where('app', '=', app)
  const get = async (app: AppName, key: string) => {
    const row = await of(app).select(['sealed', 'value']).where('key', '=', key).executeTakeFirst()
    return row && secretIn(vault, { app, key, ...row })
  }
  return {
    get,
    set: (app, key, value) => setAll({ db, vault }, { app, values: { [key]: value }, onlyIf: undefined }),
    setAll: (app, values, onlyIf) => setAll({ db, vault }, { app, values, onlyIf }),
    version: (app) => versionOf(db, app),
    async settle(app, key, make) {
      const found = await get(app, key)
      if (found !== undefined) return found
      const value = make()
      const insert = (sealed: Buffer) => db.insertInto('plimsoll.kept_values').values({ app, key, sealed, generated: true }).onConflict((it) => it.doNothing()).execute()
      await vault.keep(placeOf(app, key), value, insert)
      return (await get(app, key)) ?? value
    },
    unset: (app, key, onlyIf) => alone(db, { app, onlyIf }, async (tx) => {
      const { numDeletedRows } = await tx.deleteFrom('plimsoll.kept_values').where('app', '=', app).where('key', '=', key).executeTakeFirst()
      return numDeletedRows > 0n
    }),
    async list(app) {
      const rows = await of(app).select(['key', 'generated', 'changed_at']).orderBy('key').execute()
      return rows.map(({ key, generated, changed_at }) => ({ key, generated, changedAt: changed_at.toISOString() }))
    },
    async values(app) {
      const rows = await of(app).select(['key', 'sealed', 'value']).orderBy('key').execute()
      return Object.fromEntries(await Promise.all(rows.map(async (row) => [row.key, await secretIn(vault, { app, ...row })] as const)))
    },
  }
}

const placeOf = (app: string, key: string): SecretPlace => ['kept_values', app, key]

async function secretIn(vault: Vault, { app, key, sealed, value }: { readonly app: string; readonly key: string; readonly sealed: Buffer | null; readonly value: string | null }): Promise<string> {
  // What is in plain still was kept before there were keys, while no key could be had.
  return sealed === null ? (value ?? '') : vault.open(placeOf(app, key), sealed)
}

interface Change {
  readonly app: AppName
  readonly values: Readonly<Record<string, string>>
  readonly onlyIf: Expected | undefined
}

async function setAll({ db, vault }: Kept, { app, values, onlyIf }: Change): Promise<void> {
  const secrets = Object.entries(values).map(([key, secret]) => ({ place: placeOf(app, key), key, secret }))
  const broken = secrets.find(({ secret }) => secret.includes('\0'))
  // No environment can carry it.
  if (broken !== undefined) throw new PlimsollError('USAGE', `The value for ${broken.key} of ${app} contains a NUL character`, { hint: 'Encode it, for example with base64.' })
  await vault.keepAll(secrets, (all) => alone(db, { app, onlyIf }, async (tx) => {
    for (const { key, sealed } of all) {
      const change = { sealed, value: null, generated: false, changed_at: sql<string>`clock_timestamp()` }
      await tx.insertInto('plimsoll.kept_values').values({ app, key, ...change }).onConflict((it) => it.columns(['app', 'key']).doUpdateSet(change)).execute()
    }
  }))
}

/** Does `work` with nobody else changing the app's values, if they are as expected. */
async function alone<T>(db: Kysely<Tables>, { app, onlyIf }: Pick<Change, 'app' | 'onlyIf'>, work: (tx: Transaction<Tables>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`plimsoll:values:${app}`}, 0))`.execute(tx)
    if (onlyIf !== undefined && !onlyIf.includes(await versionOf(tx, app))) {
      throw new PlimsollError('CHANGED_MEANWHILE', `Somebody else has changed the values of ${app} since they were looked at`, { hint: `Look at them again, and change what is still to be changed: plimsoll env list --app ${app}` })
    }
    return work(tx)
  })
}

async function versionOf(db: Kysely<Tables>, app: AppName): Promise<string> {
  const { rows } = await sql<{ rows: string | null }>`select string_agg(key || ' ' || generated || ' ' || extract(epoch from changed_at), e'\n' order by key) as rows from plimsoll.kept_values where app = ${app}`.execute(db)
  return createHash('sha256').update(rows[0]?.rows ?? '').digest('base64url').slice(0, 22)
}
