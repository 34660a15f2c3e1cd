import { type AppName, appNameSchema, driverNameSchema, entrySchema } from '@plimsoll/model'
import { type Insertable, type Kysely, type Selectable } from 'kysely'
import { z } from 'zod'
import { toJson } from './json.ts'
import type { AppRow, Tables } from './tables.ts'

export const appRecordSchema = z.object({
  name: appNameSchema,
  /** Absolute path of the directory that holds render.yaml. */
  root: z.string(),
  /** What runs its units. */
  place: driverNameSchema,
  /** Path of the Blueprint, relative to `root`. */
  blueprint: z.string(),
  /** service name → where it is reached from outside. */
  entries: z.record(z.string(), entrySchema),
  createdAt: z.iso.datetime(),
})
/** One App, as Plimsoll knows it between releases. */
export type AppRecord = z.infer<typeof appRecordSchema>

export interface Apps {
  /** Writes all of it; the time of creation stays that of the first writing. */
  put(app: AppRecord): Promise<void>
  find(name: AppName): Promise<AppRecord | undefined>
  /** By name. */
  list(): Promise<readonly AppRecord[]>
  /** Forgets the app with its releases, values, ports and cron runs. Its release numbers and fences are never used again. Twice is once. */
  remove(name: AppName): Promise<void>
}

export function appsIn(db: Kysely<Tables>): Apps {
  return {
    async put(app) {
      const row = toRow(app)
      const { root, place, blueprint, entries } = row
      await db.insertInto('plimsoll.apps').values(row).onConflict((it) => it.column('name').doUpdateSet({ root, place, blueprint, entries })).execute()
    },
    async find(name) {
      const row = await db.selectFrom('plimsoll.apps').selectAll().where('name', '=', name).executeTakeFirst()
      return row && fromRow(row)
    },
    async list() {
      return (await db.selectFrom('plimsoll.apps').selectAll().orderBy('name').execute()).map(fromRow)
    },
    remove: (name) => remove(db, name),
  }
}

async function remove(db: Kysely<Tables>, name: AppName): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const table of ['plimsoll.kept_values', 'plimsoll.ports', 'plimsoll.cron_runs'] as const) await tx.deleteFrom(table).where('app', '=', name).execute()
    await tx.deleteFrom('plimsoll.apps').where('name', '=', name).execute()
  })
}

function toRow({ name, root, place, blueprint, entries, createdAt }: AppRecord): Insertable<AppRow> {
  return { name, root, place, blueprint, entries: toJson(entries), created_at: createdAt }
}

function fromRow({ created_at, ...row }: Selectable<AppRow>): AppRecord {
  return appRecordSchema.parse({ ...row, createdAt: created_at.toISOString() })
}
