import type pg from 'pg'
import { z } from 'zod'

const columnSchema = z.object({
  /** Its place in the table, the same after it was renamed. */
  at: z.number(),
  type: z.string(),
  required: z.boolean(),
  /** A value comes by itself: a default, an identity, a generated column. */
  fills: z.boolean(),
  /** Nobody may give one. */
  generated: z.boolean(),
})
export type Column = z.infer<typeof columnSchema>

const tableSchema = z.object({
  /** The same after it was renamed. */
  oid: z.number(),
  /** Another one after its rows were written anew. */
  filenode: z.number(),
  bytes: z.number(),
  columns: z.record(z.string(), columnSchema),
  /** Name → definition, as `UNIQUE (sku)`. */
  constraints: z.record(z.string(), z.string()),
  /** Unique indexes that belong to no constraint: name → definition. */
  uniques: z.record(z.string(), z.string()),
})
export type Table = z.infer<typeof tableSchema>

const snapshotSchema = z.object({
  /** Qualified name → table. */
  tables: z.record(z.string(), tableSchema),
  /** Qualified name → its labels, in their order. */
  enums: z.record(z.string(), z.array(z.string())),
  /** `view public.sales` → definition: views, functions and sequences that belong to no column. */
  others: z.record(z.string(), z.string()),
})
/** What a database looks like to a program, without a row of it. */
export type Schema = z.infer<typeof snapshotSchema>

/** Reads what stands in the catalogue; nothing is locked by it but the catalogue itself, for reading. */
export async function readSchema(client: pg.Client): Promise<Schema> {
  const { rows } = await client.query<{ snapshot: unknown }>(snapshotQuery)
  return snapshotSchema.parse(rows[0]?.snapshot)
}

/** Objects of extensions are the extension's. */
const own = (catalog: string, oid: string): string => `not exists (select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${oid} and d.deptype = 'e')`
const space = (alias: string): string => `${alias}.nspname !~ '^pg_' and ${alias}.nspname <> 'information_schema'`

const columns = `
  select coalesce(jsonb_object_agg(a.attname, jsonb_build_object(
    'at', a.attnum, 'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull,
    'fills', a.atthasdef or a.attidentity <> '', 'generated', a.attgenerated <> '' or a.attidentity = 'a')), '{}')
  from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`
const constraints = `
  select coalesce(jsonb_object_agg(k.conname, pg_get_constraintdef(k.oid)), '{}')
  from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'c', 'f', 'x')`
const uniques = `
  select coalesce(jsonb_object_agg(i.relname, pg_get_indexdef(i.oid)), '{}')
  from pg_index x join pg_class i on i.oid = x.indexrelid
  where x.indrelid = c.oid and x.indisunique and not exists (select from pg_constraint k where k.conindid = i.oid)`
const tables = `
  select coalesce(jsonb_object_agg(n.nspname || '.' || c.relname, jsonb_build_object(
    'oid', c.oid::bigint, 'filenode', coalesce(pg_relation_filenode(c.oid), 0)::bigint, 'bytes', coalesce(pg_relation_size(c.oid), 0),
    'columns', (${columns}), 'constraints', (${constraints}), 'uniques', (${uniques}))), '{}')
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and ${space('n')} and ${own('pg_class', 'c.oid')}`
const enums = `
  select coalesce(jsonb_object_agg(n.nspname || '.' || t.typname, (select jsonb_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)), '{}')
  from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'e' and ${space('n')} and ${own('pg_type', 't.oid')}`
const views = `
  select case c.relkind when 'v' then 'view ' when 'm' then 'materialized view ' else 'sequence ' end || n.nspname || '.' || c.relname as name,
    case when c.relkind = 'S' then '' else pg_get_viewdef(c.oid) end as text
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('v', 'm', 'S') and ${space('n')} and ${own('pg_class', 'c.oid')}
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i') and c.relkind = 'S')`
const functions = `
  select 'function ' || n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', md5(p.prosrc)
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${space('n')} and ${own('pg_proc', 'p.oid')}`
const others = `select coalesce(jsonb_object_agg(o.name, o.text), '{}') from (${views} union all ${functions}) o`

const snapshotQuery = `select jsonb_build_object('tables', (${tables}), 'enums', (${enums}), 'others', (${others})) as snapshot`
