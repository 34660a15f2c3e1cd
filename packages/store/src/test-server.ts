import { rmSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { isAlive } from './postgres/move-into-place.ts'
import type { Connection } from './postgres/own-connection.ts'
import { type EmbeddedPostgres, startPostgres } from './postgres/start-postgres.ts'
import { stopPostgres } from './postgres/stop-postgres.ts'
import { givenKeys } from './sealing/key-source.ts'
import { openStore, type Store } from './state/open-store.ts'

/** Vitest's hooks, given as a parameter because this file is no test. */
export interface TestHooks {
  readonly beforeAll: (hook: () => Promise<void>) => unknown
  readonly afterAll: (hook: () => Promise<void>) => unknown
}

export interface TestServer {
  /** The running server. Throws before `beforeAll`. */
  postgres(): EmbeddedPostgres
  /** A new, empty database: a few milliseconds. */
  freshDatabase(): Promise<Connection>
  /** A store on a new database whose schema is already there. Closed after the file. */
  openStore(): Promise<Store>
}

/** What the tests' own stores are sealed with. */
export const testKeys = givenKeys('the tests', async () => Buffer.alloc(32, 'a key').toString('base64'))

const prefix = 'plimsoll-test-'
const never = new AbortController().signal

/**
 * One real PostgreSQL for the tests of a file, in a directory of its own, gone after them.
 *
 *     const server = withTestServer({ beforeAll, afterAll })
 *     test('…', async () => { const store = await server.openStore() })
 *
 * Not durable. A server that a killed test run left behind is ended by the next run.
 */
export function withTestServer({ beforeAll, afterAll }: TestHooks): TestServer {
  let running: RunningTestServer | undefined
  const current = (): RunningTestServer => {
    if (running === undefined) throw new Error('the test server is up only between beforeAll and afterAll')
    return running
  }
  beforeAll(async () => {
    running = await start()
  })
  afterAll(async () => {
    await running?.end()
    running = undefined
  })
  return {
    postgres: () => current().postgres,
    freshDatabase: () => current().freshDatabase('template0'),
    openStore: () => current().openStore(),
  }
}

/** Every row of every table that is Plimsoll's, as text: what a dump of the database would show to whoever finds it. */
export async function textOf(connection: Connection): Promise<string> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>("select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')")
    const texts: string[] = []
    for (const { name } of tables) texts.push(...(await client.query<{ text: string }>(`select t::text as text from ${name} t`)).rows.map(({ text }) => `${name} ${text}`))
    return texts.join('\n')
  } finally {
    await client.end()
  }
}

interface RunningTestServer {
  readonly postgres: EmbeddedPostgres
  freshDatabase(template: string): Promise<Connection>
  openStore(): Promise<Store>
  end(): Promise<void>
}

async function start(): Promise<RunningTestServer> {
  await sweep()
  const home = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
  const postgres = await startPostgres({ home, systemDirectory: `${home}.d`, durable: false }, never)
  // A test process that ends without its hooks still takes its server along.
  const onExit = (): void => endAbruptly(postgres.pid, home)
  process.once('exit', onExit)
  const stores: Store[] = []
  const databases = databaseMaker(postgres)
  // The template for stores: our own database, with its schema in place and nobody connected.
  await (await openStore({ connection: postgres.connection, keys: testKeys })).close()
  return {
    postgres,
    freshDatabase: databases,
    async openStore() {
      const store = await openStore({ connection: await databases('plimsoll'), keys: testKeys })
      stores.push(store)
      return store
    },
    async end() {
      process.off('exit', onExit)
      await Promise.all(stores.map((store) => store.close()))
      await postgres.stop(never)
      await removeHome(home)
    },
  }
}

function databaseMaker(postgres: EmbeddedPostgres): (template: string) => Promise<Connection> {
  let count = 0
  return async (template) => {
    const database = `test_${(count += 1)}`
    const client = new pg.Client(postgres.connectionTo('postgres'))
    await client.connect()
    try {
      await client.query(`create database ${database} template ${template}`)
    } finally {
      await client.end()
    }
    return postgres.connectionTo(database)
  }
}

function endAbruptly(pid: number, home: string): void {
  try {
    process.kill(pid, 'SIGQUIT')
  } catch {
    // It is gone already.
  }
  rmSync(home, { recursive: true, force: true })
  rmSync(`${home}.d`, { recursive: true, force: true })
}

/** Ends and removes what test processes left that are no more. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = /^plimsoll-test-(\d+)-\w+$/.exec(name)?.[1]
    if (owner === undefined || isAlive(Number(owner))) continue
    const home = join(tmpdir(), name)
    // Somebody else may be sweeping the same leftovers.
    await stopPostgres({ home }, never).catch(() => undefined)
    await removeHome(home)
  }
}

async function removeHome(home: string): Promise<void> {
  await rm(home, { recursive: true, force: true })
  await rm(`${home}.d`, { recursive: true, force: true })
}
