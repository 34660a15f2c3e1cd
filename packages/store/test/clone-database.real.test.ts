import { appNameSchema, type DatabaseAddress } from '@plimsoll/model'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { appDatabases, cloneDatabase } from '../src/store.ts'
import { withTestServer } from '../src/test-server.ts'
import { never } from './begin-release.ts'
import { query } from './postgres-world.ts'

const server = withTestServer({ beforeAll, afterAll })
let live: DatabaseAddress
let preview: DatabaseAddress
let count = 0

beforeEach(async () => {
  const databases = appDatabases({ server: server.postgres(), store: await server.openStore() })
  const made = await Promise.all(['shop', 'shop-pr-12'].map(async (app) => (await databases.ensure(appNameSchema.parse(`${app}-${count}`), [{ name: 'main' }], never))['main']))
  count += 1
  const [one, other] = made
  if (one === undefined || other === undefined) throw new Error('a database is missing')
  ;[live, preview] = [one, other]
})

const clone = (signal = never) => cloneDatabase({ from: live, to: preview, name: 'main' }, signal)
const ask = (address: DatabaseAddress, sql: string) => query(address, sql)

/** Something of everything that applications make. */
const everything = `
  create extension citext;
  create schema billing;
  create type mood as enum ('sad', 'it''s fine', 'happy');
  create domain positive as integer check (value > 0);
  create type billing.money_in as (amount numeric(12, 2), currency text);
  create sequence ticket start with 100 increment by 5;
  create function next_code() returns text language sql as $$ select 'c' || nextval('public.ticket') $$;
  create table "Customer" (id bigint generated always as identity primary key, email citext unique not null, "feels" mood default 'happy', code text default next_code(), tags text[], document jsonb, picture bytea, at timestamptz default now(), paid billing.money_in);
  create table orders (id uuid primary key default gen_random_uuid(), customer bigint not null references "Customer" (id) on delete cascade, pieces positive, price numeric, total numeric generated always as (price * 2) stored, parent uuid references orders (id));
  create index on orders using btree (customer, lower(price::text)) where pieces > 1;
  create table logs (at date not null, line text) partition by range (at);
  create table logs_2026 partition of logs for values from ('2026-01-01') to ('2027-01-01');
  create index on logs (line);
  create table serials (id serial primary key, name varchar(20) collate "C" unique);
  create view billing.rich as select c.email, sum(o.total) as total from public."Customer" c join public.orders o on o.customer = c.id group by c.email;
  create materialized view totals as select count(*) as n from orders;
  create unique index on totals (n);
  create function stamp() returns trigger language plpgsql as $$ begin insert into public.logs values ('2026-06-01', 'fired'); return new; end $$;
  create trigger stamped after insert on orders for each row execute function stamp();
  create trigger asleep before update on orders for each row execute function stamp();
  alter table orders disable trigger asleep;
  alter table serials enable row level security;
  create policy mine on serials for select using (name <> 'secret');
  insert into "Customer" (email, feels, tags, document, picture, paid) values ('A@x.org', 'it''s fine', '{"a b", null, "c\\"d"}', '{"k": [1, "\\u00e4"]}', '\\x00ff', row(9.5, 'EUR')), (e'tab\\tnew\\nline', null, '{}', null, null, null);
  insert into orders (id, customer, pieces, price) values ('00000000-0000-0000-0000-000000000001', 1, 3, 1.10), ('00000000-0000-0000-0000-000000000002', 2, null, 'NaN');
  insert into orders (customer, parent) select 1, '00000000-0000-0000-0000-000000000001' from generate_series(1, 5000);
  insert into serials (name) values ('one'), ('secret');`

test('a clone holds every row and everything that rows are held by, belongs to its own account, and goes on counting where the other stands', { timeout: 120_000 }, async () => {
  await ask(live, everything)
  expect(await clone()).toBe(2 + 5_002 + 5_002 + 2)
  const digest = (table: string) => `select count(*)::int as n, md5(string_agg(t::text, '|' order by t::text)) as digest from ${table} t`
  for (const table of ['"Customer"', 'orders', 'logs', 'serials', 'billing.rich']) expect(await ask(preview, digest(table))).toEqual(await ask(live, digest(table)))
  for (const of of ["select conname, pg_get_constraintdef(oid) as def from pg_constraint where contype <> 'n' and connamespace = 'public'::regnamespace order by 1", "select indexdef from pg_indexes where schemaname = 'public' order by 1"]) expect(await ask(preview, of)).toEqual(await ask(live, of))
  expect(await ask(preview, "insert into \"Customer\" (email) values ('new') returning id::int, code")).toEqual([{ id: 3, code: 'c110' }])
  expect(await ask(preview, "insert into serials (name) values ('three') returning id")).toEqual([{ id: 3 }])
  await expect(ask(preview, "insert into orders (customer) values (999)")).rejects.toMatchObject({ code: '23503' })
  await expect(ask(preview, "insert into \"Customer\" (email) values ('a@X.org')")).rejects.toMatchObject({ code: '23505' })
  expect(await ask(preview, `select distinct tableowner as owner from pg_tables where schemaname in ('public', 'billing')`)).toEqual([{ owner: preview.user }])
})

test('what is written into a clone is nowhere else, and what is written afterwards into what was cloned is not in it, also when it is asked for again', async () => {
  await ask(live, "create table notes (text text); insert into notes values ('live')")
  expect(await clone()).toBe(1)
  await ask(preview, "insert into notes values ('preview')")
  await ask(live, "insert into notes values ('later')")
  expect(await clone()).toBeUndefined()
  expect([await ask(live, 'select text from notes'), await ask(preview, 'select text from notes')]).toEqual([[{ text: 'live' }, { text: 'later' }], [{ text: 'live' }, { text: 'preview' }]])
})

test('one that was filled otherwise is left as it is, and one that is a clone of nothing is not filled later', async () => {
  await ask(preview, 'create table mine (n int)')
  await ask(live, 'create table theirs (n int)')
  expect(await clone()).toBeUndefined()
  await ask(preview, 'drop table mine')
  expect(await clone()).toBe(0)
  await ask(preview, 'drop table theirs')
  expect(await clone()).toBeUndefined()
})

test('two that clone at once fill it once', async () => {
  await ask(live, 'create table notes (n int); insert into notes select generate_series(1, 100)')
  expect((await Promise.all([clone(), clone()])).toSorted()).toEqual([100, undefined])
  expect(await ask(preview, 'select count(*)::int as n from notes')).toEqual([{ n: 100 }])
})

test('it is one moment of a database that is written to meanwhile, and holds nobody up', async () => {
  await ask(live, 'create table one (n int); create table two (n int)')
  let writing = true
  const writer = (async () => {
    // Each transaction writes to both: where one had fewer, two moments would be mixed.
    for (let n = 0; writing && n < 5_000; n += 1) await ask(live, `begin; insert into two values (${n}); insert into one values (${n}); commit`)
  })()
  await expect.poll(async () => (await ask(live, 'select count(*)::int as n from one'))[0]).not.toEqual({ n: 0 })
  await clone()
  writing = false
  await writer
  const [counts] = (await ask(preview, 'select (select count(*) from one)::int as one, (select count(*) from two)::int as two')) as { one: number; two: number }[]
  expect(counts?.one).toBeGreaterThan(0)
  expect(counts?.one).toBe(counts?.two)
})

test.each<[string, string, RegExp]>([
  ['a range type', 'create type span as range (subtype = float8)', /type public\.span/],
  ['an aggregate', 'create aggregate longest (text) (sfunc = text_larger, stype = text)', /function public\.longest/],
  ['inheritance', 'create table a (n int); create table b () inherits (a)', /table public\.b/],
  ['a large object', 'select lo_create(0)', /large object/],
  ['rows that are kept from their owner', 'create table hidden (n int); alter table hidden enable row level security; alter table hidden force row level security', /row-level security policy for table "hidden"/],
])('%s is refused in words, and nothing is left', async (_, sql, said) => {
  await ask(live, `create table notes (n int); ${sql}`)
  await expect(clone()).rejects.toMatchObject({ code: 'NOT_CLONABLE', message: expect.stringMatching(said) })
  expect(await ask(preview, "select relname from pg_class where relnamespace = 'public'::regnamespace")).toEqual([])
})

test('one that is given up leaves nothing, and can be asked for again', { timeout: 120_000 }, async () => {
  await ask(live, 'create table notes (n int); insert into notes select generate_series(1, 100000)')
  const stop = new AbortController()
  const given = expect(clone(stop.signal)).rejects.toThrow()
  stop.abort(new Error('given up'))
  await given
  expect(await ask(preview, "select relname from pg_class where relnamespace = 'public'::regnamespace")).toEqual([])
  expect(await clone()).toBe(100_000)
})
