import { auditEntrySchema, type AuditEntry, type AuditPage } from '@plimsoll/model'
import type { Kysely } from 'kysely'
import { toJson } from './json.ts'
import type { AuditRow, Tables } from './tables.ts'

export interface AuditQuery {
  /** Only what was written before this one; from the newest, unless given. */
  readonly before: number | undefined
  /** Only what is about this app. */
  readonly app: string | undefined
  readonly limit: number
}

/** What is only ever added to: the database itself refuses to change or to remove a line. */
export interface AuditLog {
  add(entry: Omit<AuditEntry, 'id'>): Promise<void>
  /** Newest first. */
  page(query: AuditQuery): Promise<AuditPage>
}

export function auditLogIn(db: Kysely<Tables>): AuditLog {
  return {
    async add({ at, request, who, action, app, outcome, code, details, address }) {
      await db.insertInto('plimsoll.audit_log')
        .values({ at, request, who_kind: who.kind, who_id: who.id, who_name: who.name, action, app, outcome, code, details: toJson(details), address }).execute()
    },
    async page({ before, app, limit }) {
      let asked = db.selectFrom('plimsoll.audit_log').selectAll().orderBy('id', 'desc').limit(limit + 1)
      if (before !== undefined) asked = asked.where('id', '<', String(before))
      if (app !== undefined) asked = asked.where('app', '=', app)
      const rows = await asked.execute()
      const entries = rows.slice(0, limit).map(entryOf)
      return { entries, next: rows.length > limit ? (entries.at(-1)?.id ?? null) : null }
    },
  }
}

function entryOf({ id, at, who_kind, who_id, who_name, ...row }: AuditRow): AuditEntry {
  return auditEntrySchema.parse({ ...row, id: Number(id), at: at.toISOString(), who: { kind: who_kind, id: who_id, name: who_name } })
}
