import type { ColumnType } from 'kysely'

/** JSON comes back as `unknown`: only a schema says what it holds. */
export type Json = ColumnType<unknown, string, string>
export type NullableJson = ColumnType<unknown, string | null, string | null>
/** What the database itself makes of the other columns. */
export type Derived<T> = ColumnType<T, never, never>
export type Time = ColumnType<Date, string, string>
export type NullableTime = ColumnType<Date | null, string | null, string | null>
/** Sealed with the key of this name. */
export type KeyId = Derived<string | null>
