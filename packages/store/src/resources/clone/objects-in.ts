import type pg from 'pg'

/** Something of a database's schema, and the statement that makes it; null for what nobody here knows how to make. */
export interface SchemaObject {
  readonly kind: string
  readonly name: string
  readonly statement: string | null
}

/** When an object is made: before all others, before there are rows, or after. */
export type Moment = 'first' | 'before rows' | 'after rows'

/**
 * All that is in the schema of a database, but for comments and rights. `client` must search no schema (`search_path = ''`): only then are names whole in
 * what the server gives as definitions.
 */
export async function objectsIn(client: pg.ClientBase, moment: Moment): Promise<readonly SchemaObject[]> {
  const found: SchemaObject[] = []
  for (const { kind, sql } of queries[moment]) {
    const { rows } = await client.query<{ name: string; statement: string | null }>(sql)
    found.push(...rows.map(({ name, statement }) => ({ kind, name, statement })))
  }
  return found
}

/** Neither the server's own nor an extension's: what an extension makes comes with it. */
const own = (oid: string, catalog: string): string => `not exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`
const users = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"
const inSchema = (alias: string): string => `join pg_namespace n on n.oid = ${alias} and ${users}`

const collated = "case when a.attcollation not in (0, t.typcollation) then ' collate ' || a.attcollation::regcollation else '' end"
const sequenceOptions = "format('increment by %s minvalue %s maxvalue %s start with %s cache %s%s', s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, case when s.seqcycle then ' cycle' else '' end)"
const column = `quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || ${collated} || case
  when a.attgenerated = 's' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
  when a.attgenerated = 'v' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') virtual'
  when a.attidentity <> '' then ' generated ' || case a.attidentity when 'a' then 'always' else 'by default' end || ' as identity (' || (select ${sequenceOptions} from pg_sequence s where s.seqrelid = pg_get_serial_sequence(c.oid::regclass::text, a.attname)::regclass) || ')'
  when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end || case when a.attnotnull then ' not null' else '' end`
const columns = `(select coalesce(string_agg(${column}, ', ' order by a.attnum), '') from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)`
const options = "case when c.reloptions is null then '' else ' with (' || array_to_string(c.reloptions, ', ') || ')' end"

interface Query {
  readonly kind: string
  readonly sql: string
}

const first: readonly Query[] = [
  { kind: 'schema', sql: `select nspname as name, format('create schema if not exists %I', nspname) as statement from pg_namespace n where ${users} and ${own('n.oid', 'pg_namespace')} order by oid` },
  { kind: 'extension', sql: "select extname as name, format('create extension if not exists %I schema %I', extname, n.nspname) as statement from pg_extension x join pg_namespace n on n.oid = x.extnamespace where extname <> 'plpgsql' order by x.oid" },
]

const beforeRows: readonly Query[] = [
  {
    kind: 'type', sql: `select t.oid::regtype::text as name, case t.typtype
      when 'e' then format('create type %s as enum (%s)', t.oid::regtype, (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid))
      when 'd' then format('create domain %s as %s', t.oid::regtype, format_type(t.typbasetype, t.typtypmod)) || coalesce(' default ' || t.typdefault, '') || case when t.typnotnull then ' not null' else '' end
        || coalesce((select string_agg(format(' constraint %I %s', conname, pg_get_constraintdef(k.oid)), '' order by conname) from pg_constraint k where k.contypid = t.oid and k.contype = 'c'), '')
      when 'c' then format('create type %s as (%s)', t.oid::regtype, (select string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum) from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped))
      end as statement
      from pg_type t ${inSchema('t.typnamespace')} where t.typtype in ('e', 'd', 'r', 'c') and (t.typrelid = 0 or exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c')) and ${own('t.oid', 'pg_type')} and (t.typrelid = 0 or ${own('t.typrelid', 'pg_class')}) order by t.oid`,
  },
  { kind: 'function', sql: `select p.oid::regprocedure::text as name, case when p.prokind in ('f', 'p', 'w') then pg_get_functiondef(p.oid) end as statement from pg_proc p ${inSchema('p.pronamespace')} where ${own('p.oid', 'pg_proc')} and not exists (select from pg_depend i where i.classid = 'pg_proc'::regclass and i.objid = p.oid and i.deptype = 'i') order by p.oid` },
  {
    kind: 'sequence', sql: `select c.oid::regclass::text as name, format('create sequence %s as %s ', c.oid::regclass, format_type(s.seqtypid, null)) || ${sequenceOptions} as statement
      from pg_sequence s join pg_class c on c.oid = s.seqrelid ${inSchema('c.relnamespace')} where ${own('c.oid', 'pg_class')} and not exists (select from pg_depend i where i.classid = 'pg_class'::regclass and i.objid = c.oid and i.deptype = 'i') order by c.oid`,
  },
  {
    kind: 'table', sql: `select c.oid::regclass::text as name, case when c.relkind in ('r', 'p') and c.reloftype = 0 and not exists (select from pg_inherits i where i.inhrelid = c.oid and not c.relispartition)
      then 'create ' || case when c.relpersistence = 'u' then 'unlogged ' else '' end || format('table %s (%s)', c.oid::regclass, ${columns}) || case when c.relkind = 'p' then ' partition by ' || pg_get_partkeydef(c.oid) else '' end || ${options} end as statement
      from pg_class c ${inSchema('c.relnamespace')} where c.relkind in ('r', 'p', 'f') and ${own('c.oid', 'pg_class')} order by c.oid`,
  },
  { kind: 'partition', sql: `select c.oid::regclass::text as name, format('alter table only %s attach partition %s %s', i.inhparent::regclass, c.oid::regclass, pg_get_expr(c.relpartbound, c.oid)) as statement from pg_class c ${inSchema('c.relnamespace')} join pg_inherits i on i.inhrelid = c.oid where c.relispartition and c.relkind in ('r', 'p') order by c.oid` },
  { kind: 'view', sql: `select c.oid::regclass::text as name, format('create view %s%s as %s', c.oid::regclass, ${options}, pg_get_viewdef(c.oid)) as statement from pg_class c ${inSchema('c.relnamespace')} where c.relkind = 'v' and ${own('c.oid', 'pg_class')} order by c.oid` },
  ...unknown([
    ['collation', 'collname', 'pg_collation', 'collnamespace'], ['operator', 'oprname', 'pg_operator', 'oprnamespace'],
    ['text search configuration', 'cfgname', 'pg_ts_config', 'cfgnamespace'], ['text search dictionary', 'dictname', 'pg_ts_dict', 'dictnamespace'],
  ]),
  { kind: 'cast', sql: `select format('%s as %s', castsource::regtype, casttarget::regtype) as name, null as statement from pg_cast k where k.oid >= 16384 and ${own('k.oid', 'pg_cast')}` },
  { kind: 'foreign server', sql: 'select srvname as name, null as statement from pg_foreign_server' },
  { kind: 'large object', sql: 'select oid::text as name, null as statement from pg_largeobject_metadata order by oid limit 1' },
]

function unknown(catalogs: readonly (readonly [kind: string, name: string, catalog: string, schema: string])[]): Query[] {
  return catalogs.map(([kind, name, catalog, schema]) => ({ kind, sql: `select ${name}::text as name, null as statement from ${catalog} x ${inSchema(`x.${schema}`)} where ${own('x.oid', catalog)} order by 1` }))
}

const afterRows: readonly Query[] = [
  { kind: 'owned sequence', sql: `select c.oid::regclass::text as name, format('alter sequence %s owned by %s.%I', c.oid::regclass, d.refobjid::regclass, a.attname) as statement from pg_depend d join pg_class c on c.oid = d.objid and c.relkind = 'S' ${inSchema('c.relnamespace')} join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype = 'a' order by c.oid` },
  // Those of partitions come with that of the whole.
  { kind: 'constraint', sql: `select format('%I of %s', k.conname, k.conrelid::regclass) as name, format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) as statement from pg_constraint k join pg_class c on c.oid = k.conrelid ${inSchema('c.relnamespace')} where k.contype in ('p', 'u', 'x', 'c', 'f') and k.conparentid = 0 and k.conislocal and ${own('c.oid', 'pg_class')} order by k.contype = 'f', k.oid` },
  { kind: 'index', sql: `select c.oid::regclass::text as name, replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ') as statement from pg_index i join pg_class c on c.oid = i.indexrelid ${inSchema('c.relnamespace')} where i.indisvalid and not c.relispartition and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x')) and not exists (select from pg_class m where m.oid = i.indrelid and m.relkind = 'm') and ${own('i.indrelid', 'pg_class')} order by c.oid` },
  { kind: 'materialized view', sql: `select c.oid::regclass::text as name, format('create materialized view %s%s as %s %s', c.oid::regclass, ${options}, rtrim(pg_get_viewdef(c.oid), ';'), case when c.relispopulated then 'with data' else 'with no data' end) as statement from pg_class c ${inSchema('c.relnamespace')} where c.relkind = 'm' and ${own('c.oid', 'pg_class')} order by c.oid` },
  { kind: 'index of a materialized view', sql: `select c.oid::regclass::text as name, pg_get_indexdef(c.oid) as statement from pg_index i join pg_class c on c.oid = i.indexrelid ${inSchema('c.relnamespace')} join pg_class m on m.oid = i.indrelid and m.relkind = 'm' where i.indisvalid and ${own('m.oid', 'pg_class')} order by c.oid` },
  { kind: 'statistics', sql: `select s.stxname::text as name, pg_get_statisticsobjdef(s.oid) as statement from pg_statistic_ext s ${inSchema('s.stxnamespace')} order by s.oid` },
  { kind: 'trigger', sql: `select format('%I of %s', t.tgname, t.tgrelid::regclass) as name, pg_get_triggerdef(t.oid) as statement from pg_trigger t join pg_class c on c.oid = t.tgrelid ${inSchema('c.relnamespace')} where not t.tgisinternal and t.tgparentid = 0 order by t.oid` },
  { kind: 'state of a trigger', sql: `select format('%I of %s', t.tgname, t.tgrelid::regclass) as name, format('alter table only %s %s trigger %I', t.tgrelid::regclass, case t.tgenabled when 'D' then 'disable' when 'A' then 'enable always' else 'enable replica' end, t.tgname) as statement from pg_trigger t join pg_class c on c.oid = t.tgrelid ${inSchema('c.relnamespace')} where not t.tgisinternal and t.tgparentid = 0 and t.tgenabled <> 'O' order by t.oid` },
  { kind: 'rule', sql: `select format('%I of %s', r.rulename, r.ev_class::regclass) as name, pg_get_ruledef(r.oid) as statement from pg_rewrite r join pg_class c on c.oid = r.ev_class ${inSchema('c.relnamespace')} where r.rulename <> '_RETURN' and ${own('c.oid', 'pg_class')} order by r.oid` },
  { kind: 'row level security', sql: `select c.oid::regclass::text as name, format('alter table only %s %s row level security', c.oid::regclass, how) as statement from pg_class c ${inSchema('c.relnamespace')} cross join lateral (select 'enable' as how where c.relrowsecurity union all select 'force' where c.relforcerowsecurity) f order by c.oid, how` },
  {
    kind: 'policy', sql: `select format('%I of %s', p.polname, p.polrelid::regclass) as name, case when p.polroles = '{0}' then format('create policy %I on %s as %s for %s', p.polname, p.polrelid::regclass, case when p.polpermissive then 'permissive' else 'restrictive' end, case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end)
      || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') end as statement from pg_policy p order by p.oid`,
  },
]

const queries: Readonly<Record<Moment, readonly Query[]>> = { first, 'before rows': beforeRows, 'after rows': afterRows }
