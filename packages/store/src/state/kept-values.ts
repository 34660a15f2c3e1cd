import { type AppName, PlimsollError } from '@plimsoll/model'
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/**
 * Values that belong to an app and not to a release: `generateValue` values, and what `plimsoll env set`
 * keeps. Keys are `<service>/<KEY>` or `group:<group>/<KEY>`.
 *
 * They lie in the database as they are, protected by its access rules only; encryption at rest comes later.
 */
export interface KeptValues {
  get(app: AppName, key: string): Promise<string | undefined>
  set(app: AppName, key: string, value: string): Promise<void>
  /** The value that is kept, or else the one that `make` gives, kept from now on. Callers at the same moment get the same value. */
  settle(app: AppName, key: string, make: () => string): Promise<string>
  /** Returns whether there was one. */
  unset(app: AppName, key: string): Promise<boolean>
  /** Which there are, without the values, by key. */
  list(app: AppName): Promise<readonly KeptValue[]>
  /** key → value, for wiring. */
  values(app: AppName): Promise<Readonly<Record<string, string>>>
}

export interface KeptValue {
  readonly key: string
  /** True when Plimsoll made it up. */
  readonly generated: boolean
  readonly changedAt: string
}

export function keptValuesIn(db: Kysely<Tables>): KeptValues {
  const of = (app: AppName) => db.selectFrom('plimsoll.kept_values').where('app', '=', app)
  const get = async (app: AppName, key: string) => (await of(app).select('value').where('key', '=', key).executeTakeFirst())?.value
  return {
    get,
    set: (app, key, value) => set(db, { app, key, value }),
    async settle(app, key, make) {
      const found = await get(app, key)
      if (found !== undefined) return found
      const row = { app, key, value: make(), generated: true }
      await db.insertInto('plimsoll.kept_values').values(row).onConflict((it) => it.doNothing()).execute()
      return (await get(app, key)) ?? row.value
    },
    async unset(app, key) {
      const { numDeletedRows } = await db.deleteFrom('plimsoll.kept_values').where('app', '=', app).where('key', '=', key).executeTakeFirst()
      return numDeletedRows > 0n
    },
    async list(app) {
      const rows = await of(app).select(['key', 'generated', 'changed_at']).orderBy('key').execute()
      return rows.map(({ key, generated, changed_at }) => ({ key, generated, changedAt: changed_at.toISOString() }))
    },
    async values(app) {
      const rows = await of(app).select(['key', 'value']).orderBy('key').execute()
      return Object.fromEntries(rows.map(({ key, value }) => [key, value]))
    },
  }
}

async function set(db: Kysely<Tables>, { app, key, value }: { app: AppName; key: string; value: string }): Promise<void> {
  // No environment can carry it, and PostgreSQL would refuse it with a message about encodings.
  if (value.includes('\0')) throw new PlimsollError('USAGE', `The value for ${key} of ${app} contains a NUL character`, { hint: 'Encode it, for example with base64.' })
  const change = { value, generated: false, changed_at: new Date().toISOString() }
  await db
    .insertInto('plimsoll.kept_values')
    .values({ app, key, ...change })
    .onConflict((it) => it.columns(['app', 'key']).doUpdateSet(change))
    .execute()
}
