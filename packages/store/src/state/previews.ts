import { appNameSchema, previewDataSchema, previewSettingsSchema, type AppName, type PreviewSettings } from '@plimsoll/model'
import { type Kysely, type Selectable, sql } from 'kysely'
import { z } from 'zod'
import { toJson } from './json.ts'
import type { PreviewRow, Tables } from './tables.ts'

const recordSchema = z.object({
  app: appNameSchema,
  of: appNameSchema,
  pull: z.number().nullable(),
  branch: z.string().nullable(),
  commit: z.string().nullable(),
  data: previewDataSchema,
  isEnding: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  /** The release whose `initialDeployHook` was run, and why that failed. */
  seededBy: z.number().nullable(),
  seedProblem: z.string().nullable(),
})
/** A throw-away app, as Plimsoll knows it from before it is made until all that it had is gone. */
export type PreviewRecord = z.infer<typeof recordSchema>

export type NewPreview = Pick<PreviewRecord, 'app' | 'of' | 'pull' | 'branch' | 'data' | 'expiresAt'> & { readonly at: string }

export interface Previews {
  find(app: AppName): Promise<PreviewRecord | undefined>
  /** Those of one app, or all; newest first. */
  list(of?: AppName): Promise<readonly PreviewRecord[]>
  /** The names of those of these apps. */
  under(apps: readonly AppName[]): Promise<readonly Pick<PreviewRecord, 'app' | 'of'>[]>
  /** Unless there is one under this name, or of this pull request. Returns whether it was made. Nothing is made when the app has `limit` of them. */
  make(preview: NewPreview, limit: number): Promise<boolean>
  /** A commit of it was asked for: it lives on from now, and one that is kept stays so. Nothing happens to one that is ending. */
  refresh(app: AppName, change: Pick<PreviewRecord, 'commit' | 'updatedAt'> & { readonly expiresAt: string }): Promise<void>
  /** Returns whether there is one that is not ending. */
  expire(app: AppName, expiresAt: string | null): Promise<boolean>
  noteSeed(app: AppName, seed: Pick<PreviewRecord, 'seededBy' | 'seedProblem'>): Promise<void>
  /** Says that it is being removed, for good. */
  beginEnd(app: AppName): Promise<void>
  remove(app: AppName): Promise<void>
  settings(app: AppName): Promise<PreviewSettings>
  setSettings(app: AppName, settings: PreviewSettings): Promise<void>
}

const table = 'plimsoll.previews' as const

export function previewsIn(db: Kysely<Tables>): Previews {
  return {
    async find(app) {
      const row = await db.selectFrom(table).selectAll().where('app', '=', app).executeTakeFirst()
      return row && recordOf(row)
    },
    async list(of) {
      const all = db.selectFrom(table).selectAll().orderBy('created_at', 'desc').orderBy('app')
      return (await (of === undefined ? all : all.where('of_app', '=', of)).execute()).map(recordOf)
    },
    async under(apps) {
      if (apps.length === 0) return []
      const rows = await db.selectFrom(table).select(['app', 'of_app']).where('of_app', 'in', apps).execute()
      return rows.map(({ app, of_app }) => ({ app: appNameSchema.parse(app), of: appNameSchema.parse(of_app) }))
    },
    make: (preview, limit) => make(db, preview, limit),
    async refresh(app, { commit, updatedAt, expiresAt }) {
      await db.updateTable(table).set({ commit, updated_at: updatedAt, expires_at: sql<string | null>`case when expires_at is null then null else ${expiresAt}::timestamptz end` }).where('app', '=', app).where('is_ending', '=', false).execute()
    },
    async expire(app, expiresAt) {
      return (await db.updateTable(table).set({ expires_at: expiresAt }).where('app', '=', app).where('is_ending', '=', false).executeTakeFirst()).numUpdatedRows > 0n
    },
    async noteSeed(app, { seededBy, seedProblem }) {
      await db.updateTable(table).set({ seeded_by: seededBy, seed_problem: seedProblem }).where('app', '=', app).execute()
    },
    async beginEnd(app) {
      await db.updateTable(table).set({ is_ending: true }).where('app', '=', app).execute()
    },
    async remove(app) {
      await db.deleteFrom(table).where('app', '=', app).execute()
    },
    async settings(app) {
      const row = await db.selectFrom('plimsoll.preview_settings').select('settings').where('app', '=', app).executeTakeFirst()
      return previewSettingsSchema.parse(row?.settings ?? {})
    },
    async setSettings(app, settings) {
      await db.insertInto('plimsoll.preview_settings').values({ app, settings: toJson(settings) }).onConflict((it) => it.column('app').doUpdateSet({ settings: toJson(settings) })).execute()
    },
  }
}

/** Two at once take turns, or both would be the last that there is room for. */
async function make(db: Kysely<Tables>, { app, of, pull, branch, data, expiresAt, at }: NewPreview, limit: number): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`plimsoll:previews of ${of}`}, 0))`.execute(tx)
    const { count } = await tx.selectFrom(table).select(({ fn }) => fn.countAll<string>().as('count')).where('of_app', '=', of).executeTakeFirstOrThrow()
    if (Number(count) >= limit) return false
    const row = { app, of_app: of, pull, branch, commit: null, data, created_at: at, updated_at: at, expires_at: expiresAt, seeded_by: null, seed_problem: null }
    const made = await tx.insertInto(table).values(row).onConflict((it) => it.doNothing()).returning('app').executeTakeFirst()
    return made !== undefined
  })
}

function recordOf({ of_app, is_ending, created_at, updated_at, expires_at, seeded_by, seed_problem, ...row }: Selectable<PreviewRow>): PreviewRecord {
  return recordSchema.parse({
    ...row, of: of_app, isEnding: is_ending, createdAt: created_at.toISOString(), updatedAt: updated_at.toISOString(), expiresAt: expires_at?.toISOString() ?? null, seededBy: seeded_by, seedProblem: seed_problem,
  })
}
