import type pg from 'pg'
import { z } from 'zod'

/** Between which databases: both in a transaction, the first in one that sees one moment. */
export interface CloneEnds {
  readonly from: pg.ClientBase
  readonly to: pg.ClientBase
}

/** How much is fetched at once. */
const bytesAtOnce = 4 * 1024 * 1024
const mostRows = 2_000

const tablesSchema = z.array(z.object({ table: z.string(), columns: z.array(z.string()), width: z.coerce.number() }))

/** Every table that holds rows of its own; generated columns are made anew. Gives the number of rows. */
export async function copyRows({ from, to }: CloneEnds, signal: AbortSignal): Promise<number> {
  const { rows } = await from.query(`select c.oid::regclass::text as table, pg_relation_size(c.oid) / greatest(c.reltuples, 1) as width,
    array(select quote_ident(a.attname) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    where c.relkind = 'r' and not exists (select from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e') order by c.oid`)
  let copied = 0
  for (const table of tablesSchema.parse(rows)) if (table.columns.length > 0) copied += await copyTable({ from, to }, table, signal)
  await copySequences({ from, to }, signal)
  return copied
}

async function copyTable({ from, to }: CloneEnds, { table, columns, width }: z.infer<typeof tablesSchema>[number], signal: AbortSignal): Promise<number> {
  // Toasted values do not count in the size of the table itself: some rows are larger than they look, and few at once do no harm.
  const atOnce = Math.max(10, Math.min(mostRows, Math.floor(bytesAtOnce / Math.max(width, 200) / 10)))
  const list = columns.join(', ')
  const insert = `insert into ${table} (${list}) overriding system value select ${columns.map((name) => `(plimsoll_row).${name}`).join(', ')} from (select unnest($1::text[])::${table} as plimsoll_row offset 0) as given`
  await from.query(`declare plimsoll_rows no scroll cursor for select plimsoll_row::text from only ${table} as plimsoll_row`)
  let copied = 0
  for (;;) {
    signal.throwIfAborted()
    const { rows } = await from.query<[string]>({ text: `fetch ${atOnce} from plimsoll_rows`, rowMode: 'array' })
    if (rows.length === 0) break
    await to.query(insert, [rows.map(([row]) => row)])
    copied += rows.length
  }
  await from.query('close plimsoll_rows')
  return copied
}

const sequencesSchema = z.array(z.object({ name: z.string(), there: z.string() }))

/** Those of identity columns have another name in the clone where they were renamed: they are found by their column. */
async function copySequences({ from, to }: CloneEnds, signal: AbortSignal): Promise<void> {
  const { rows } = await from.query(`select c.oid::regclass::text as name, case when a.attname is null then quote_literal(c.oid::regclass) else format('pg_get_serial_sequence(%L, %L)', d.refobjid::regclass, a.attname) end as there
    from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype = 'i' left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where c.relkind = 'S' and not exists (select from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')`)
  for (const { name, there } of sequencesSchema.parse(rows)) {
    signal.throwIfAborted()
    const { rows: [stands] } = await from.query<{ last_value: string; is_called: boolean }>(`select last_value, is_called from ${name}`)
    if (stands !== undefined) await to.query(`select setval(${there}::regclass, $1::bigint, $2)`, [stands.last_value, stands.is_called])
  }
}
