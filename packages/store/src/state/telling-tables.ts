import type { ColumnType, Generated } from 'kysely'
import type { Json, KeyId, NullableJson, NullableTime, Time } from './columns.ts'

/** Whom Plimsoll tells what happens, and what repositories tell it. */
export interface TellingTables {
  'plimsoll.channels': ChannelTable
  'plimsoll.occasions': OccasionTable
  'plimsoll.deliveries': DeliveryTable
  'plimsoll.hooks': HookTable
  'plimsoll.hook_events': HookEventTable
}

export interface ChannelTable {
  id: string
  name: string
  app: string
  topics: Json
  kind: string
  shown_as: string
  sealed: Buffer
  /** The database reads it from what is sealed. */
  key_id: KeyId
  is_on: Generated<boolean>
  closed: ColumnType<unknown, string | null | undefined, string | null>
  created_at: Time
  version: Generated<number>
}

interface OccasionTable {
  id: Generated<string>
  seq: Generated<string>
  at: Generated<Date>
  app: string
  about: string
  subject: string
  facts: Json
}

interface DeliveryTable {
  id: string
  seq: Generated<string>
  channel: string
  app: string
  topic: string
  message: Json
  state: string
  tries: Generated<number>
  why: ColumnType<string | null, string | null | undefined, string | null>
  created_at: Time
  next_at: NullableTime
  ended_at: ColumnType<Date | null, string | null | undefined, string | null>
}

export interface HookTable {
  app: string
  settings: Json
  has_token: boolean
  sealed: Buffer
  /** The database reads it from what is sealed. */
  key_id: KeyId
  created_at: Time
  version: Generated<number>
}

interface HookEventTable {
  app: string
  delivery: string
  seq: Generated<string>
  at: Time
  event: string
  about: string
  task: NullableJson
  state: string
  why: string | null
  release: ColumnType<number | null, number | null | undefined, number | null>
  verification: ColumnType<string | null, string | null | undefined, string | null>
  ended_at: ColumnType<Date | null, string | null | undefined, string | null>
}
