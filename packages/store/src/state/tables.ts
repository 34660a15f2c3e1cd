import type { ColumnType, Generated, Selectable } from 'kysely'
import type { Derived, Json, KeyId, NullableJson, NullableTime, Time } from './columns.ts'
import type { TellingTables } from './telling-tables.ts'

/** The tables of migrations/. JSON columns come back as `unknown`: only a schema says what they hold. */
export interface Tables extends TellingTables {
  'plimsoll.apps': AppRow
  'plimsoll.counters': CounterRow
  'plimsoll.releases': ReleaseRow
  'plimsoll.journal': JournalRow
  'plimsoll.release_notes': ReleaseNoteRow
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
  'plimsoll.traffic_pictures': TrafficPictureRow
  'plimsoll.identities': IdentityRow
  'plimsoll.secret_keys': SecretKeyRow
  'plimsoll.kept_answers': KeptAnswerRow
  'plimsoll.attempts': AttemptRow
  'plimsoll.previews': PreviewRow
  'plimsoll.preview_settings': PreviewSettingsRow
}

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
  traceparent: string | null
  asked_as: ColumnType<string | null, string | null | undefined, string | null>
  ending: Derived<string | null>
}

interface JournalRow {
  app: string
  release: number
  seq: number
  fence: number
  entry: Json
}

interface ReleaseNoteRow {
  app: string
  release: number
  note: Json
}

interface Sealed {
  /** Null for what is in plain, which is nothing once the state was opened with a key. */
  sealed: Buffer | null
  /** The database reads it from what is sealed. */
  key_id: KeyId
}

interface KeptAnswerRow {
  asker: string
  route: string
  key: string
  sealed: Buffer
  begun_at: Time
}

interface SecretKeyRow {
  id: string
  since: ColumnType<Date, never, never>
}

interface KeptValueRow extends Sealed {
  /** Of before there were keys. */
  value: ColumnType<string | null, null | undefined, string | null>
  app: string
  key: string
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

interface DatabaseRow extends Sealed {
  app: string
  name: string
  role: string
  database: string
  /** Of before there were keys. */
  password: ColumnType<string | null, null | undefined, string | null>
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

interface TrafficPictureRow {
  app: string
  release: number
  picture: Json
}

interface UserTable {
  id: string
  name: string
  name_key: string
  password_hash: string | null
  grants: Json
  created_at: Time
  seen_at: ColumnType<Date | null, string | undefined, string>
  version: Generated<number>
}
export type UserRow = Selectable<UserTable>

interface IdentityRow {
  issuer: string
  subject: string
  user_id: string
  by_group: boolean
  since: Time
}

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

interface AttemptRow {
  key: string
  points: number
  ends_at: Time
}

export interface PreviewRow {
  app: string
  of_app: string
  pull: number | null
  branch: string | null
  commit: string | null
  data: string
  is_ending: Generated<boolean>
  created_at: Time
  updated_at: Time
  expires_at: NullableTime
  seeded_by: number | null
  seed_problem: string | null
}

interface PreviewSettingsRow {
  app: string
  settings: Json
}
