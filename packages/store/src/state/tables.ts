import type { ColumnType, Generated, Selectable } from 'kysely'

/** The tables of migrations/. JSON columns come back as `unknown`: only a schema says what they hold. */
export interface Tables {
  'plimsoll.apps': AppRow
  'plimsoll.counters': CounterRow
  'plimsoll.releases': ReleaseRow
  'plimsoll.journal': JournalRow
  'plimsoll.kept_values': KeptValueRow
  'plimsoll.ports': PortRow
  'plimsoll.cron_runs': CronRunRow
  'plimsoll.databases': DatabaseRow
  'plimsoll.home': HomeRow
  'plimsoll.verifications': VerificationRow
  'plimsoll.users': UserTable
  'plimsoll.links': LinkTable
  'plimsoll.sessions': SessionRow
  'plimsoll.tokens': TokenRow
  'plimsoll.audit_log': AuditTable
}

type Json = ColumnType<unknown, string, string>
type NullableJson = ColumnType<unknown, string | null, string | null>
/** What the database itself makes of the other columns. */
type Derived<T> = ColumnType<T, never, never>
type Time = ColumnType<Date, string, string>
type NullableTime = ColumnType<Date | null, string | null, string | null>

export interface AppRow {
  name: string
  root: string
  place: string
  blueprint: string
  entries: Json
  created_at: Time
}

interface CounterRow {
  app: string
  fence: ColumnType<number, number | undefined, number>
  holder: string | null
  held_since: NullableTime
  last_release: ColumnType<number, number | undefined, number>
}

export interface ReleaseRow {
  app: string
  number: number
  kind: string
  back_to: number | null
  state: string
  source: Json
  steps: Json
  started_at: Time
  ended_at: NullableTime
  outcome: NullableJson
  watch: NullableJson
  canary: NullableJson
  paused: boolean | null
  unproven: string | null
  ending: Derived<string | null>
}

interface JournalRow {
  app: string
  release: number
  seq: number
  fence: number
  entry: Json
}

interface KeptValueRow {
  app: string
  key: string
  value: string
  generated: boolean
  changed_at: ColumnType<Date, string | undefined, string>
}

interface PortRow {
  port: number
  app: string
  purpose: string
}

export interface CronRunRow {
  app: string
  service: string
  tick: Time
  state: string
  started_at: Time
  ended_at: NullableTime
  exit_code: number | null
  release: number | null
}

interface HomeRow {
  id: string
  place: string
}

interface DatabaseRow {
  app: string
  name: string
  role: string
  database: string
  password: string
}

interface VerificationRow {
  id: string
  app: string
  place: string
  state: string
  started_at: Time
  copies: number
  record: Json
  head: Derived<unknown>
  passed: Derived<number>
  blocking: Derived<number>
  coverage: Derived<unknown>
}

interface UserTable {
  id: string
  name: string
  name_key: string
  password_hash: string
  grants: Json
  created_at: Time
  seen_at: ColumnType<Date | null, string | undefined, string>
  version: Generated<number>
}
export type UserRow = Selectable<UserTable>

interface LinkTable {
  id: string
  hash: string
  name: string | null
  grants: Json
  made_by: string
  ends_at: Time
  used_at: ColumnType<Date | null, string | undefined, string>
}
export type LinkRow = Selectable<LinkTable>

interface SessionRow {
  hash: string
  user_id: string | null
  started_at: Time
  seen_at: Time
  ends_at: Time
}

interface TokenRow {
  id: string
  hash: string
  name: string
  grants: Json
  user_id: string | null
  created_at: Time
  ends_at: Time
  seen_at: ColumnType<Date | null, string | undefined, string>
}

interface AuditTable {
  /** A bigint, which comes as text. */
  id: Generated<string>
  at: Time
  request: string
  who_kind: string
  who_id: string
  who_name: string
  action: string
  app: string | null
  outcome: string
  code: string | null
  details: Json
  address: string | null
}
export type AuditRow = Selectable<AuditTable>
