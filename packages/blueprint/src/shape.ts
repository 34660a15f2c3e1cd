import type { Plain } from './remedy.ts'
import type { Report } from './report.ts'
import type { MapNode } from './yaml-tree.ts'

/** What a value must look like. Data: the field tables are made of it, and one walker checks them all. */
export type Shape = TextShape | EnvValueShape | IntegerShape | BooleanShape | ChoiceShape | ListShape | RecordShape | PickShape

export interface TextShape {
  readonly is: 'text'
  readonly form?: TextForm
}

/** A rule for the letters of a text. `test` gets the text; `says` completes "must …". */
export interface TextForm {
  readonly says: string
  readonly hint: string
  readonly test: (text: string) => boolean
}

/** The value of a variable: text or a number. */
interface EnvValueShape {
  readonly is: 'envValue'
}

export interface IntegerShape {
  readonly is: 'integer'
  readonly min: number
  readonly max?: number
}

interface BooleanShape {
  readonly is: 'boolean'
}

export interface ChoiceShape {
  readonly is: 'choice'
  readonly of: readonly string[]
  /** For sentences: `a region`. */
  readonly what: string
  readonly rule?: 'unknown-value' | 'unknown-service-type'
  /** Capitals are accepted with a warning, as Render does for plans. */
  readonly anyCase?: true
  /** Old spelling → present one; accepted with a warning. */
  readonly formerly?: Readonly<Record<string, string>>
  /** Spelling that people try → what to write. */
  readonly instead?: Readonly<Record<string, string>>
}

interface ListShape {
  readonly is: 'list'
  readonly of: Shape
}

export interface RecordShape {
  readonly is: 'record'
  /** For sentences: `a cron job`. */
  readonly what: string
  readonly fields: readonly Field[]
  /** Of these keys at least one must be there. */
  readonly oneOf?: readonly string[]
  /** What people write that does not exist → what to write. */
  readonly instead?: Readonly<Record<string, string>>
  /** Says of a key that exists, but not here, where it belongs. */
  readonly elsewhere?: (key: string) => string | undefined
  /** Keys that are no part of the specification and seen so often that they only earn a warning. */
  readonly tolerated?: readonly string[]
}

/** One of several records; the record that the keys say it is. */
interface PickShape {
  readonly is: 'pick'
  readonly pick: (node: MapNode, report: Report) => RecordShape
}

export interface Field {
  readonly key: string
  readonly shape: Shape
  /** What to write when it is missing; the key is required if this is here. */
  readonly required?: string
  /** The value that is right for everybody who leaves it out. */
  readonly supply?: Plain
  readonly deprecated?: Deprecation
}

export interface Deprecation {
  /** The present key, for sentences; also where the value goes when `moves` is set. */
  readonly use: string
  /** The value belongs under `use` of the same record. */
  readonly moves?: true
  /** Old value → new value. */
  readonly as?: Readonly<Record<string, string>>
  /** Where the value does not move as it is: what is written under the first part of `use`. */
  readonly into?: (value: string | number | boolean) => Plain
}

export const text: TextShape = { is: 'text' }
export const boolean: BooleanShape = { is: 'boolean' }
export const envValue: EnvValueShape = { is: 'envValue' }
export const formed = (form: TextForm): TextShape => ({ is: 'text', form })
export const integer = (min: number, max?: number): IntegerShape => ({ is: 'integer', min, ...(max !== undefined && { max }) })
export const list = (of: Shape): ListShape => ({ is: 'list', of })
export const choice = (what: string, of: readonly string[], more: Partial<ChoiceShape> = {}): ChoiceShape => ({ ...more, is: 'choice', what, of })
export const record = (what: string, fields: readonly Field[], more: Partial<RecordShape> = {}): RecordShape => ({ ...more, is: 'record', what, fields })
