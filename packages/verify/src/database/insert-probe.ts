import type pg from 'pg'
import type { Column, Schema, Table } from './schema.ts'
import { quoted, quotedName } from './table-contents.ts'

/** One row that a program could write: column → SQL that gives its value. */
export interface InsertProbe {
  /** Qualified name. */
  readonly table: string
  readonly values: Readonly<Record<string, string>>
  /** Tables that must have a row before. */
  readonly needs: readonly string[]
}

/** A row for every table: like one that is there, or made up by its types where there is none. */
export function insertProbes(schema: Schema): readonly InsertProbe[] {
  return Object.entries(schema.tables).map(([name, table]) => ({
    table: name, values: Object.fromEntries(valuesFor(schema, { name, table })),
    needs: Object.values(table.constraints).flatMap(reference).map(({ target }) => target).filter((target) => target !== name),
  }))
}

interface NamedTable {
  readonly name: string
  readonly table: Table
}

function valuesFor(schema: Schema, { name, table }: NamedTable): (readonly [string, string])[] {
  const keys = new Set(Object.values({ ...table.constraints, ...table.uniques }).flatMap(keyColumns))
  const references = new Map(Object.values(table.constraints).flatMap(reference).map(({ column, value }) => [column, value]))
  return Object.entries(table.columns).flatMap(([column, facts]) => {
    if (facts.generated || (facts.fills && keys.has(column))) return []
    const like = `(select ${quotedName(column)} from ${quoted(name)} limit 1)`
    const made = references.get(column) ?? madeUp(schema, facts)
    if (keys.has(column) && !references.has(column)) return [[column, unlike({ name, column, facts })] as const]
    if (made === undefined) return [[column, like] as const]
    return [[column, facts.required ? `coalesce(${like}, ${made})` : like] as const]
  })
}

/** `UNIQUE (a, b)`, `PRIMARY KEY (a)`, `CREATE UNIQUE INDEX … (a)` → its columns. */
function keyColumns(definition: string): string[] {
  const listed = /^(?:PRIMARY KEY|UNIQUE|CREATE UNIQUE INDEX)[^(]*\(([^)]*)\)/.exec(definition)?.[1]
  return listed === undefined ? [] : listed.split(',').map((column) => column.trim().replaceAll('"', ''))
}

interface Reference {
  readonly column: string
  /** Qualified name. */
  readonly target: string
  /** One that is there. */
  readonly value: string
}

/** Of `FOREIGN KEY (a) REFERENCES t(b)`. */
function reference(definition: string): Reference[] {
  const [, column, target, key] = /^FOREIGN KEY \(([^,)]+)\) REFERENCES ([^(]+)\(([^,)]+)\)/.exec(definition) ?? []
  if (column === undefined || target === undefined) return []
  const plain = target.replaceAll('"', '')
  return [{ column: column.replaceAll('"', ''), target: plain.includes('.') ? plain : `public.${plain}`, value: `(select ${key} from ${target} limit 1)` }]
}

/** A value that no other row has. */
function unlike({ name, column, facts: { type } }: { readonly name: string; readonly column: string; readonly facts: Column }): string {
  if (type === 'uuid') return 'gen_random_uuid()'
  if (/^(?:smallint|integer|bigint|numeric)/.test(type)) return `(select coalesce(max(${quotedName(column)}), 0) + 1 from ${quoted(name)})`
  if (/^(?:date|timestamp)/.test(type)) return `now() + random() * interval '1000 days'`
  if (type === 'bytea') return `decode(md5(random()::text), 'hex')`
  return `substr(md5(random()::text), 1, 8)`
}

function madeUp({ enums }: Schema, { type }: Column): string | undefined {
  const labels = Object.entries(enums).find(([name]) => name === type || name === `public.${type}`)?.[1]
  if (type.endsWith('[]')) return `'{}'`
  if (labels !== undefined) return literal(labels[0] ?? '')
  if (/^(?:text|character|citext)/.test(type)) return `'x'`
  if (/^(?:smallint|integer|bigint|numeric|real|double)/.test(type)) return '1'
  if (/^(?:date|timestamp)/.test(type)) return 'now()'
  return { uuid: 'gen_random_uuid()', boolean: 'false', json: `'{}'`, jsonb: `'{}'`, bytea: `''` }[type]
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** What a database said to a row. */
export interface Refusal {
  readonly probe: InsertProbe
  readonly message: string
}

/** Tries them all, each as soon as those are there that it needs, and takes them back again or keeps them; gives those that were refused. */
export async function refusals(client: pg.Client, probes: readonly InsertProbe[], then: 'rollback' | 'commit' = 'rollback'): Promise<readonly Refusal[]> {
  await client.query('begin')
  let refused: readonly Refusal[] = probes.map((probe) => ({ probe, message: '' }))
  for (let before = Infinity; refused.length > 0 && refused.length < before;) {
    before = refused.length
    refused = await refusedOnce(client, refused)
  }
  await client.query(then)
  return refused
}

async function refusedOnce(client: pg.Client, waiting: readonly Refusal[]): Promise<readonly Refusal[]> {
  const refused: Refusal[] = []
  for (const { probe } of waiting) {
    await client.query('savepoint probe')
    const message = await insert(client, probe)
    if (message === undefined) continue
    await client.query('rollback to savepoint probe')
    refused.push({ probe, message })
  }
  return refused
}

/** Without those that were refused for want of another one that was. */
export function firstRefused(refused: readonly Refusal[]): readonly Refusal[] {
  const tables = new Set(refused.map(({ probe }) => probe.table))
  return refused.filter(({ probe }) => !probe.needs.some((table) => tables.has(table)))
}

/** Those of `all` that must be there before `probe` can be. */
export function neededBy({ needs }: InsertProbe, all: readonly InsertProbe[]): readonly InsertProbe[] {
  const needed = new Set(needs)
  // What is added while it is gone through is gone through too.
  for (const table of needed) for (const more of all.find((each) => each.table === table)?.needs ?? []) needed.add(more)
  return all.filter(({ table }) => needed.has(table))
}

/** Writes it for good, if it is taken. Gives why it is not. */
export async function insert(client: pg.Client, probe: InsertProbe): Promise<string | undefined> {
  try {
    await client.query(insertText(probe))
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

export function insertText({ table, values }: InsertProbe): string {
  const columns = Object.keys(values)
  if (columns.length === 0) return `insert into ${quoted(table)} default values`
  return `insert into ${quoted(table)} (${columns.map(quotedName).join(', ')}) values (${Object.values(values).join(', ')})`
}

/** `probe` without the columns that are no more; undefined when its table is none. */
export function onSchema(probe: InsertProbe, { tables }: Schema): InsertProbe | undefined {
  const table = tables[probe.table]
  return table && { ...probe, values: Object.fromEntries(Object.entries(probe.values).filter(([column]) => column in table.columns)) }
}
