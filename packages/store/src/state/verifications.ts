import { coverageSchema, driverNameSchema, verificationSchema, verificationSummarySchema, type AppName, type Coverage, type DriverName, type Verification, type VerificationPage } from '@plimsoll/model'
import { type Kysely, sql } from 'kysely'
import { toJson } from './json.ts'
import type { Tables } from './tables.ts'

/** A verification that has begun, as far as anybody wrote down, and what it may have left. */
export interface OpenVerification {
  readonly id: string
  readonly app: AppName
  readonly place: DriverName
  /** How many copies it has raised: they are numbered from 0. */
  readonly copies: number
}

/** What was verified, and what came of it. */
export interface Verifications {
  /** Before anything is raised. */
  begin(verification: Verification): Promise<void>
  /** Before each copy is raised. Several are raised at once, and whoever is written last need not be the last one: the count only grows. */
  noteCopies(id: string, copies: number): Promise<void>
  /** Its end, and again whatever is added to it. Twice is once. */
  settle(verification: Verification): Promise<void>
  find(id: string): Promise<Verification | undefined>
  /** Newest first, without what was asked: those that began before the one with the id `before`, if it is given. */
  page(app: AppName, query: { readonly limit: number; readonly before?: string | undefined }): Promise<VerificationPage>
  /** Newest first. */
  list(app: AppName, limit: number): Promise<readonly Verification[]>
  /** The newest that was measured: all lines of the services, and those of them that ran. */
  lastCoverage(app: AppName): Promise<Coverage['total'] | undefined>
  /** Those that have no end. */
  open(): Promise<readonly OpenVerification[]>
}

export function verificationsIn(db: Kysely<Tables>): Verifications {
  const table = 'plimsoll.verifications' as const
  return {
    async begin(verification) {
      const { id, app, place, state, startedAt } = verification
      await db.insertInto(table).values({ id, app, place, state, started_at: startedAt, copies: 0, record: toJson(verification) }).execute()
    },
    async noteCopies(id, copies) {
      await db.updateTable(table).set({ copies: sql`greatest(copies, ${copies})` }).where('id', '=', id).execute()
    },
    async settle(verification) {
      await db.updateTable(table).set({ state: verification.state, record: toJson(verification) }).where('id', '=', verification.id).execute()
    },
    async find(id) {
      const row = await db.selectFrom(table).select('record').where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : verificationSchema.parse(row.record)
    },
    async list(app, limit) {
      const rows = await db.selectFrom(table).select('record').where('app', '=', app).orderBy('started_at', 'desc').limit(limit).execute()
      // One that a Plimsoll of another form has written says nothing to this one.
      return rows.flatMap(({ record }) => verificationSchema.safeParse(record).data ?? [])
    },
    async page(app, { limit, before }) {
      let asked = db.selectFrom(table).select(['id', 'head', 'passed', 'blocking']).where('app', '=', app).orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit + 1)
      if (before !== undefined) asked = asked.where(sql<boolean>`(started_at, id) < (select started_at, id from plimsoll.verifications where id = ${before} and app = ${app})`)
      const rows = await asked.execute()
      const shown = rows.slice(0, limit)
      return {
        verifications: shown.flatMap(({ head, passed, blocking }) => verificationSummarySchema.safeParse({ ...(head as object), passed, blocking }).data ?? []),
        next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
      }
    },
    async lastCoverage(app) {
      const row = await db.selectFrom(table).select('coverage').where('app', '=', app).where('coverage', 'is not', null).orderBy('started_at', 'desc').limit(1).executeTakeFirst()
      return row === undefined ? undefined : coverageSchema.shape.total.parse(row.coverage)
    },
    async open() {
      const rows = await db.selectFrom(table).select(['id', 'app', 'place', 'copies']).where('state', '=', 'running').execute()
      return rows.map((row) => ({ ...row, app: row.app as AppName, place: driverNameSchema.parse(row.place) }))
    },
  }
}
