import { expect, test } from 'vitest'
import { sameNames } from './same-names.ts'
import type { Column, Schema, Table } from './schema.ts'
import { schemaChanges } from './schema-changes.ts'

const column = (at: number, more: Partial<Column> = {}): Column => ({ at, type: 'text', required: false, fills: false, generated: false, ...more })
const table = (columns: Record<string, Column>, more: Partial<Table> = {}): Table => ({ oid: 1, filenode: 1, bytes: 0, columns, constraints: {}, uniques: {}, ...more })
const schema = (tables: Record<string, Table>, more: Partial<Schema> = {}): Schema => ({ tables, enums: {}, others: {}, ...more })
const items = (columns: Record<string, Column>, more: Partial<Table> = {}): Schema => schema({ 'public.items': table(columns, more) })

test.each<[string, readonly [Schema, Schema], readonly string[]]>([
  ['a dropped column', [items({ a: column(1), b: column(2) }), items({ a: column(1) })], ['column public.items.b is dropped']],
  ['a renamed column', [items({ a: column(1) }), items({ b: column(1) })], ['column public.items.a is renamed to b']],
  ['a column that is made anew', [items({ a: column(1) }), items({ a: column(2, { type: 'integer' }) })], ['column public.items.a is dropped and made anew as integer']],
  ['a renamed table', [items({}), schema({ 'public.things': table({}) })], ['table public.items is renamed to public.things']],
  ['a dropped table', [items({}), schema({})], ['table public.items is dropped']],
  ['a narrower type', [items({ a: column(1) }), items({ a: column(1, { type: 'character varying(3)' }) })], ['column public.items.a becomes character varying(3) (was text)']],
  ['a number that drivers read as text', [items({ a: column(1, { type: 'integer' }) }), items({ a: column(1, { type: 'bigint' }) })], ['column public.items.a becomes bigint (was integer)']],
  ['NOT NULL', [items({ a: column(1) }), items({ a: column(1, { required: true }) })], ['column public.items.a becomes NOT NULL']],
  ['a required column', [items({}), items({ a: column(1, { required: true }) })], ['column public.items.a is new, NOT NULL and without a default']],
  ['a unique rule', [items({ a: column(1) }), items({ a: column(1) }, { constraints: { u: 'UNIQUE (a)' } })], ['public.items has a new rule u: UNIQUE (a)']],
  ['a new label', [schema({}, { enums: { 'public.state': ['new'] } }), schema({}, { enums: { 'public.state': ['new', 'sold'] } })], ['type public.state has the new values sold']],
  ['a dropped view', [schema({}, { others: { 'view public.v': 'select 1' } }), schema({})], ['view public.v is dropped']],
])('%s hurts what was written for the schema before', (_name, [before, after], hurting) => {
  expect(schemaChanges(before, after).filter(({ hurts }) => hurts).map(({ what }) => what)).toEqual(hurting)
})

test.each<[string, Schema, Schema]>([
  ['a new table', schema({}), items({})],
  ['a new column that may be left out', items({}), items({ a: column(1), b: column(2, { required: true, fills: true }) })],
  ['a wider text', items({ a: column(1, { type: 'character varying(3)' }) }), items({ a: column(1) })],
  ['a rule about a column that is new', items({}), items({ a: column(1) }, { constraints: { c: 'CHECK (a > 0)' } })],
  ['a rule under another name', items({ a: column(1) }, { constraints: { one: 'UNIQUE (a)' } }), items({ a: column(1) }, { constraints: { other: 'UNIQUE (a)' } })],
  ['nothing', items({ a: column(1) }), items({ a: column(1) }, { filenode: 2 })],
])('%s hurts nobody', (_name, before, after) => {
  expect(schemaChanges(before, after).filter(({ hurts }) => hurts)).toEqual([])
})

test('two databases that are no clones are held against each other by their names', () => {
  const found = schema({ 'public.items': table({ b: column(1), a: column(2) }, { oid: 77 }), 'public.extra': table({}, { oid: 78 }) })
  const expected = items({ a: column(1), b: column(3) })
  expect(schemaChanges(expected, sameNames(found, expected)).map(({ what }) => what)).toEqual(['table public.extra is new'])
})
