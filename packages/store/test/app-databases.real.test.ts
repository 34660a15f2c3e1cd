import { appNameSchema, type DatabaseAddress } from '@plimsoll/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appDatabases } from '../src/store.ts'
import { withTestServer } from '../src/test-server.ts'
import { never } from './begin-release.ts'
import { query } from './postgres-world.ts'

const server = withTestServer({ beforeAll, afterAll })
const shop = appNameSchema.parse('shop')
const forum = appNameSchema.parse('forum')

test('gives a database that any driver reaches with its connection string, the same at every call', async () => {
  const databases = await make()
  const addresses = await Promise.all([1, 2, 3].map(() => databases.ensure(shop, [{ name: 'main db' }], never)))
  expect(new Set(addresses.map((it) => JSON.stringify(it))).size).toBe(1)
  const address = only(addresses[0])
  expect(address).toMatchObject({ host: '127.0.0.1', user: 'shop_main_db', database: 'shop_main_db' })
  expect(await query({ connectionString: urlOf(address) }, 'select current_user as who')).toEqual([{ who: 'shop_main_db' }])
  await databases.drop(shop, never)
})

test('lets the owner make tables, schemas and trusted extensions', async () => {
  const databases = await make()
  const address = only(await databases.ensure(shop, [{ name: 'main' }], never))
  await query({ connectionString: urlOf(address) }, 'create table notes (id uuid default uuidv7()); create schema queue; create extension citext; create extension pgcrypto')
  await databases.drop(shop, never)
})

test("keeps every app out of the others' databases and out of Plimsoll's own", async () => {
  const databases = await make()
  const mine = only(await databases.ensure(shop, [{ name: 'main' }], never))
  const theirs = only(await databases.ensure(forum, [{ name: 'main' }], never))
  for (const database of [theirs.database, 'plimsoll', 'postgres', 'template1']) {
    await expect(query({ connectionString: urlOf({ ...mine, database }) }, 'select 1')).rejects.toMatchObject({ code: '42501' })
  }
  await expect(query({ connectionString: urlOf({ ...mine, password: 'wrong' }) }, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  await Promise.all([databases.drop(shop, never), databases.drop(forum, never)])
})

test("uses the Blueprint's own names, unless another app has them or they are not to be had", async () => {
  const databases = await make()
  const wanted = [{ name: 'main', databaseName: 'store', user: 'ada' }]
  expect(only(await databases.ensure(shop, wanted, never))).toMatchObject({ database: 'store', user: 'ada' })
  expect(only(await databases.ensure(forum, wanted, never))).toMatchObject({ database: 'forum_main', user: 'forum_main' })
  const greedy = await databases.ensure(forum, [{ name: 'second', databaseName: 'plimsoll', user: 'postgres' }], never)
  expect(only(greedy)).toMatchObject({ database: 'forum_second', user: 'forum_second' })
  await Promise.all([databases.drop(shop, never), databases.drop(forum, never)])
})

test('puts right what was lost or changed behind its back', async () => {
  const databases = await make()
  const address = only(await databases.ensure(shop, [{ name: 'main' }], never))
  const superuser = server.postgres().connectionTo('postgres')
  await query(superuser, "alter role shop_main password 'changed'")
  await query(superuser, 'grant connect on database shop_main to public')
  expect(only(await databases.ensure(shop, [{ name: 'main' }], never))).toEqual(address)
  expect(await query({ connectionString: urlOf(address) }, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(await query(superuser, "select has_database_privilege('public', 'shop_main', 'connect') as open")).toEqual([{ open: false }])
  await databases.drop(shop, never)
})

test('drops an app that is still connected, twice, and makes it anew with another password', async () => {
  const databases = await make()
  const before = only(await databases.ensure(shop, [{ name: 'main' }], never))
  const connected = query({ connectionString: urlOf(before) }, "select pg_notify('in', ''), pg_sleep(600)")
  const cut = expect(connected).rejects.toThrow()
  await databases.drop(shop, never)
  await cut
  await databases.drop(shop, never)
  const after = only(await databases.ensure(shop, [{ name: 'main' }], never))
  expect(after.password).not.toBe(before.password)
  await databases.drop(shop, never)
})

async function make() {
  return appDatabases({ server: server.postgres(), store: await server.openStore() })
}

function only(addresses: Readonly<Record<string, DatabaseAddress>> | undefined): DatabaseAddress {
  const [first, ...rest] = Object.values(addresses ?? {})
  if (first === undefined || rest.length > 0) throw new Error('expected one database')
  return first
}

function urlOf({ user, password, host, port, database }: DatabaseAddress): string {
  return `postgresql://${user}:${password}@${host}:${port}/${database}`
}
