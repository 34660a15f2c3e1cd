import { fakeEdge } from '@plimsoll/engine/fakes'
import type { DatabaseAddress } from '@plimsoll/model'
import { withTestServer } from '@plimsoll/store/test-server'
import { databaseChecks, type OpenRehearsal } from '@plimsoll/verify/rehearse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askOnce, forgetfulMigrator, hastyMigrator, liveShop, rehearsalUnderTest, type Answers, type MadeVersion, type RehearsalWorld } from './rehearsal-under-test.ts'

const never = new AbortController().signal
const server = withTestServer({ beforeAll, afterAll })

const { items, routes } = liveShop
const live: MadeVersion = { migrations: [items], routes }

test('a migration that only adds is passed by all, and so is what has no release before it', async () => {
  const grown = await ask({ live, candidate: { migrations: [items, 'alter table items add column price int not null default 0; create table orders (id int primary key)'], routes } })
  expect(isOf(grown)).toEqual(all('pass', { 'database.drift': 'skipped' }))
  expect(grown['database.shape']?.[0]?.finding).toContain('2 things are new')
  const first = await ask({ candidate: live })
  expect(isOf(first)).toEqual(all('skipped', { 'database.migrate-empty': 'pass', 'database.migrate-twice': 'pass', 'database.two-migrators': 'pass' }))
})

test('a migration that fails on an empty database is one failure, with its last lines, and all that needs it is skipped because of it', async () => {
  const answers = await ask({ live, candidate: { migrations: [items, 'alter table nowhere add column a int'] } })
  expect(answers['database.migrate-empty']).toMatchObject([{ is: 'fail', evidence: [{ text: expect.stringContaining('"nowhere" does not exist') }] }])
  expect(isOf(answers)).toEqual(all('skipped', { 'database.migrate-empty': 'fail' }))
  expect(answers['database.old-on-new']?.[0]?.because).toBe('database.migrate-empty')
})

test('a migration that works on an empty database, and not on what is live, is told with its last lines', async () => {
  const answers = await ask({ live, candidate: { migrations: [items.replace('note text', 'note text, price int'), 'update items set price = 1'], routes } })
  expect(isOf(answers)).toMatchObject({ 'database.migrate-empty': 'pass', 'database.migrate-live': 'fail', 'database.old-on-new': 'skipped' })
  expect(answers['database.migrate-live']?.[0]).toMatchObject({ finding: expect.stringContaining('on the schema that is live'), evidence: [{ text: expect.stringContaining('"price"') }] })
})

test('a seed that is written again at every run is seen by its table', async () => {
  const answers = await ask({ candidate: { migrations: ['create table if not exists items (name text)', "insert into items values ('rope')"], migrator: forgetfulMigrator } })
  expect(answers['database.migrate-twice']).toMatchObject([{ is: 'fail', finding: expect.stringContaining('rows of public.items are not as they were') }])
})

test("two runs that get in each other's way are seen", async () => {
  const check = databaseChecks().filter(({ id }) => id === 'database.two-migrators').map((each) => ({ ...each, after: [] }))
  const answers = await askOnce({ postgres: server.postgres(), edge: fakeEdge(), candidate: { migrations: ['create table items (name text)'], migrator: hastyMigrator } }, check)
  expect(answers['database.two-migrators']).toMatchObject([{ is: 'fail', finding: expect.stringContaining('while another run of it was under way') }])
})

test('a column that nobody reads any more may be dropped', async () => {
  const answers = await ask({ live, candidate: { migrations: [items, 'alter table items drop column note'], routes } })
  expect(answers['database.old-on-new']).toMatchObject([{ is: 'pass' }])
})

test('a new column that must be given refuses what the live release writes', async () => {
  const answers = await ask({ live, candidate: { migrations: [items, "alter table items add column price int; update items set price = 1; alter table items alter column price set not null"], routes } })
  expect(answers['database.old-on-new']).toMatchObject([{ is: 'fail', finding: expect.stringMatching(/writes to public\.items is refused on the new schema: null value in column "price".*because column public\.items\.price is new, NOT NULL and without a default/) }])
})

test('a row that only the new schema allows, and that the live release cannot read, fails with that row', async () => {
  const answers = await ask({ live, candidate: { migrations: [items, 'alter table items alter column name drop not null'], routes } })
  expect(isOf(answers)).toMatchObject({ 'database.old-on-new': 'pass', 'database.new-writes-old-reads': 'fail' })
  expect(answers['database.new-writes-old-reads']?.[0]).toMatchObject({ service: 'api', reproduce: 'GET /items', evidence: [{ text: expect.stringContaining('null') }] })
})

test('a table that is written anew, and one that is locked for more than a second, are told by name', async () => {
  const answers = await ask({ live, candidate: { migrations: [items, "alter table items alter column note type varchar(3); alter table items alter column id type bigint; select pg_sleep(1.3)"], routes } })
  expect(answers['database.migrate-live']?.map(({ is, finding }) => [is, finding])).toEqual([
    ['fail', expect.stringMatching(/^public\.items is locked for \d+\.\d s/)],
    ['fail', expect.stringMatching(/^Every row of public\.items is written anew/)],
  ])
})

test('a live schema that was changed by hand is told, and one that was not passes', async () => {
  await using elsewhere = await rehearsalUnderTest({ postgres: server.postgres(), edge: fakeEdge(), candidate: { migrations: [items, 'alter table items add column by_hand int'] }, live })
  const [changed, same] = [await elsewhere.raise({ start: [] }, never), await elsewhere.raise({ databases: 'live', start: [] }, never)]
  const drifted = await ask({ live, candidate: live, liveDatabases: addressesOf(changed) })
  expect(drifted['database.drift']).toMatchObject([{ is: 'fail', weight: 'advice', finding: expect.stringContaining('column public.items.by_hand is new') }])
  const kept = await ask({ live, candidate: live, liveDatabases: addressesOf(same) })
  expect(kept['database.drift']).toMatchObject([{ is: 'pass' }])
})

function addressesOf({ databases }: Awaited<ReturnType<OpenRehearsal['raise']>>): Record<string, DatabaseAddress> {
  return Object.fromEntries(Object.entries(databases).map(([name, { address }]) => [name, address]))
}

function ask(world: Omit<RehearsalWorld, 'postgres' | 'edge'>): Promise<Answers> {
  return askOnce({ ...world, postgres: server.postgres(), edge: fakeEdge() }, databaseChecks())
}

function isOf(answers: Answers): Record<string, string> {
  return Object.fromEntries(Object.entries(answers).map(([id, verdicts]) => [id, verdicts.map(({ is }) => is).join(' ')]))
}

function all(is: string, but: Record<string, string>): Record<string, string> {
  return { ...Object.fromEntries(databaseChecks().map(({ id }) => [id, is])), ...but }
}
