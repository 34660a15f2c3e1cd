import type { DatabaseCopies } from '@plimsoll/engine'
import { appNameSchema, type DatabaseAddress } from '@plimsoll/model'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appDatabases, copyDatabases } from '../src/store.ts'
import { withTestServer } from '../src/test-server.ts'
import { never } from './begin-release.ts'
import { query } from './postgres-world.ts'

const server = withTestServer({ beforeAll, afterAll })

test('a copy is a database with everything of its template, and what happens in one is seen in no other', async () => {
  await using run = open('clones1')
  const template = await run.copies.make(run.id, {}, never)
  await ask(template, "create table notes (text text not null); insert into notes values ('kept')")
  await run.copies.sever(template, never)
  const [one, other] = await Promise.all([run.copies.make(run.id, { template }, never), run.copies.make(run.id, { template }, never)])
  expect(await ask(one, "insert into notes values ('mine') returning text")).toEqual([{ text: 'mine' }])
  expect(await ask(one, 'select text from notes order by text')).toEqual([{ text: 'kept' }, { text: 'mine' }])
  expect(await ask(other, 'select text from notes')).toEqual([{ text: 'kept' }])
})

test("a copy's role enters no app's database nor Plimsoll's own, and no app's role enters a copy", async () => {
  await using run = open('roles1')
  const databases = appDatabases({ server: server.postgres(), store: await server.openStore() })
  const shop = appNameSchema.parse('shop')
  const { main } = await databases.ensure(shop, [{ name: 'main' }], never)
  if (main === undefined) throw new Error('the app has no database')
  const copy = await run.copies.make(run.id, {}, never)
  for (const database of [main.database, 'plimsoll', 'postgres', 'template1']) {
    await expect(ask({ ...copy, database }, 'select 1')).rejects.toMatchObject({ code: '42501' })
  }
  await expect(ask({ ...main, database: copy.database }, 'select 1')).rejects.toMatchObject({ code: '42501' })
  await databases.drop(shop, never)
})

test("one run's role enters no other run's copies", async () => {
  await using mine = open('mine1')
  await using theirs = open('theirs1')
  const copy = await mine.copies.make(mine.id, {}, never)
  const other = await theirs.copies.make(theirs.id, {}, never)
  await expect(ask({ ...copy, database: other.database }, 'select 1')).rejects.toMatchObject({ code: '42501' })
})

test('a severed copy cuts who is connected and refuses who comes, until it is restored; each twice is once', async () => {
  await using run = open('sever1')
  const copy = await run.copies.make(run.id, {}, never)
  const client = await connected(copy)
  const cut = new Promise((resolve) => client.once('end', resolve))
  await run.copies.sever(copy, never)
  await cut
  await run.copies.sever(copy, never)
  await expect(ask(copy, 'select 1')).rejects.toMatchObject({ code: '55000' })
  await run.copies.restore(copy, never)
  await run.copies.restore(copy, never)
  expect(await ask(copy, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a template is cloned although a client keeps coming back to it', async () => {
  await using run = open('holdon1')
  const template = await run.copies.make(run.id, {}, never)
  await ask(template, 'create table held (id int)')
  const over = new AbortController()
  const holding = holdOn(template, over.signal)
  try {
    await holding.held
    await run.copies.sever(template, never)
    expect(await ask(await run.copies.make(run.id, { template }, never), 'select count(*)::int as rows from held')).toEqual([{ rows: 0 }])
  } finally {
    over.abort()
    await holding.ended
  }
})

test('dropping takes one copy from under its clients, dropping all leaves neither databases nor the role; each twice is once', async () => {
  await using run = open('dropall1')
  const [first, second] = [await run.copies.make(run.id, {}, never), await run.copies.make(run.id, {}, never)]
  await connected(first)
  await run.copies.drop(first, never)
  await run.copies.drop(first, never)
  expect(await namesOf(run.id)).toEqual([second.database])
  await connected(second)
  await run.copies.dropAll(run.id, never)
  await run.copies.dropAll(run.id, never)
  expect(await namesOf(run.id)).toEqual([])
  expect(await query(server.postgres().connectionTo('postgres'), `select rolname from pg_roles where rolname like '%dropall1%'`)).toEqual([])
})

test('dropping all of one run leaves the copies of another whose id begins like its own', async () => {
  await using run = open('same')
  await using longer = open('same1')
  await run.copies.make(run.id, {}, never)
  const kept = await longer.copies.make(longer.id, {}, never)
  await run.copies.dropAll(run.id, never)
  expect(await namesOf(longer.id)).toEqual([kept.database])
})

test('what another process made for a run is dropped with it', async () => {
  await using run = open('swept1')
  await run.copies.make(run.id, {}, never)
  await copyDatabases({ server: server.postgres() }).dropAll(run.id, never)
  expect(await namesOf(run.id)).toEqual([])
})

test('a database that was not made here is never cloned, severed, restored or dropped', async () => {
  await using run = open('refuse1')
  const copy = await run.copies.make(run.id, {}, never)
  for (const database of ['postgres', 'plimsoll', 'shop_main', 'template1', 'x_plimsoll_v_refuse1']) {
    const foreign = { ...copy, database }
    await expect(run.copies.make(run.id, { template: foreign }, never)).rejects.toThrow('no throw-away database')
    for (const act of ['sever', 'restore', 'drop'] as const) await expect(run.copies[act](foreign, never)).rejects.toThrow('no throw-away database')
  }
  await expect(run.copies.dropAll('', never)).rejects.toThrow('cannot name a run')
  await expect(run.copies.dropAll('%', never)).rejects.toThrow('cannot name a run')
})

function open(id: string): { readonly id: string; readonly copies: DatabaseCopies } & AsyncDisposable {
  const copies = copyDatabases({ server: server.postgres() })
  return { id, copies, [Symbol.asyncDispose]: () => copies.dropAll(id, never) }
}

function ask(address: DatabaseAddress, text: string): Promise<pg.QueryResultRow[]> {
  return query(address, text)
}

/** A client that stays until the server ends it. */
async function connected(address: DatabaseAddress): Promise<pg.Client> {
  const client = new pg.Client(address)
  client.on('error', () => undefined) // That is how it ends.
  await client.connect()
  return client
}

/** Connects again whenever it is cut, as the pool of an app does. */
function holdOn(address: DatabaseAddress, signal: AbortSignal): { readonly held: Promise<void>; readonly ended: Promise<void> } {
  const held = Promise.withResolvers<void>()
  const again = async (): Promise<void> => {
    while (!signal.aborted) {
      const client = await connected(address).catch(() => undefined)
      if (client === undefined) {
        await new Promise((resolve) => setImmediate(resolve))
        continue
      }
      held.resolve()
      const gone = new Promise<void>((resolve) => client.once('end', resolve))
      await Promise.race([gone, new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))])
      await client.end().catch(() => undefined)
    }
  }
  return { held: held.promise, ended: again() }
}

async function namesOf(run: string): Promise<string[]> {
  const rows = await query<{ datname: string }>(server.postgres().connectionTo('postgres'), `select datname from pg_database where datname like 'plimsoll\\_v\\_${run}\\_%' order by 1`)
  return rows.map(({ datname }) => datname)
}
