import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unitSpecs, wantedResources } from '@plimsoll/blueprint'
import { createProcessDriver, describeListening, forgetApp } from '@plimsoll/drivers'
import type { Edge } from '@plimsoll/engine'
import { appNameSchema, digestSchema, releaseNumberSchema, type AskedCheck, type DatabaseAddress, type Source } from '@plimsoll/model'
import { copyDatabases, type EmbeddedPostgres } from '@plimsoll/store'
import { createProbe } from '@plimsoll/verify'
import { askAll, openRehearsal, type OpenRehearsal, type RehearsalCheck, type Version } from '@plimsoll/verify/rehearse'
import { rehearsalWiring } from '../src/verify/rehearsal-wiring.ts'
import { systemClock } from '../src/system-clock.ts'
import { readBlueprint } from '../src/wiring.ts'

const items = "create type state as enum ('new', 'sold'); create table items (id int generated always as identity primary key, name text not null, note text, state state not null default 'new'); insert into items (name) values ('rope')"

/** What is live in most tests: one table, and a route that reads it. */
export const liveShop = { items, routes: { '/items': 'select id, name, state from items' } }

/** One version of an app that has an API and a database. */
export interface MadeVersion {
  /** SQL, each applied once and noted. */
  readonly migrations: readonly string[]
  /** What stands in place of the usual migrator: an ES module that has `pg`, `client` and `migrations`. */
  readonly migrator?: string
  /** Path → the query that answers it. */
  readonly routes?: Readonly<Record<string, string>>
  /** How a query is made, a function of its text: `pool.query` unless given. */
  readonly querying?: string
  /** Of the build, which its pages carry. */
  readonly deploymentId?: string
  /** That its service has a disk, of which processes have none. */
  readonly disk?: true
}

export interface RehearsalWorld {
  readonly postgres: EmbeddedPostgres
  readonly edge: Edge
  readonly candidate: MadeVersion
  readonly live?: MadeVersion
  readonly liveDatabases?: Readonly<Record<string, DatabaseAddress>>
  /** Told each copy of which what is kept besides databases is destroyed. */
  readonly destroyed?: (copy: string) => void
}

const never = new AbortController().signal
const gate = { successes: 1, intervalMs: 30, timeoutMs: 3_000, deadlineMs: 30_000 }
const blueprint = `services:
  - { type: web, name: api, runtime: node, buildCommand: 'true', startCommand: exec node server.mjs, preDeployCommand: node migrate.mjs, healthCheckPath: /healthz,
      envVars: [{ key: DATABASE_URL, fromDatabase: { name: main, property: connectionString } }] }
databases:
  - { name: main }
`

/** A rehearsal over real processes and a real PostgreSQL, of which nothing is left when it is disposed of. */
export async function rehearsalUnderTest({ postgres, edge, candidate, live, liveDatabases = {}, destroyed = () => undefined }: RehearsalWorld): Promise<OpenRehearsal & AsyncDisposable> {
  const home = await mkdtemp(join(tmpdir(), 'rehearsal-'))
  const clock = systemClock
  const builder = { build: () => Promise.reject(new Error('nothing is built here')) }
  const driver = createProcessDriver({ home: join(home, 'place'), builder, clock, nodePath: process.execPath })
  const source: Source = { root: home, blueprint: 'render.yaml', dirty: false }
  const { wire, environments } = rehearsalWiring({ blueprint, source, actionsKey: '' })
  const copies = copyDatabases({ server: postgres })
  const ports = new Map<string, Promise<number>>()
  const portOf = (key: string): Promise<number> => {
    const port = ports.get(key) ?? freePort()
    ports.set(key, port)
    return port
  }
  const versions = await Promise.all([laid(home, 'candidate', candidate), live && laid(home, 'live', live)])
  const rehearsal = openRehearsal({
    id: `t${Date.now().toString(36)}${Math.floor(Math.random() * 36 ** 4).toString(36)}`,
    app: appNameSchema.parse('shop'), source, candidate: versions[0], environments, secrets: [], seed: 7, evidence: home, browser: undefined,
    live: versions[1] && { ...versions[1], release: releaseNumberSchema.parse(1), keeps: {}, fingerprints: {}, pages: {} },
    driver, edge, clock, copies, wire, gate, probe: createProbe(), sharesLoopback: true, near: async (_app, address) => address, publicNames: {},
    resources: { ensure: async () => ({ databases: {}, keyValues: {} }), destroy: async (copy) => destroyed(copy) },
    liveDatabases: async () => liveDatabases, listening: describeListening, reach: async () => undefined, noteCopies: async () => undefined, output: () => undefined,
    entryPort: (app, service) => portOf(`${app}/${service}`),
    forget: async (app) => void (await forgetApp({ home: join(home, 'place'), clock }, app)),
  })
  return {
    ...rehearsal,
    async [Symbol.asyncDispose]() {
      await rehearsal.close()
      await driver.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** Asks `checks` in a rehearsal of their own. */
export async function askOnce(world: RehearsalWorld, checks: readonly RehearsalCheck[]): Promise<Answers> {
  await using rehearsal = await rehearsalUnderTest(world)
  return await answersOf(rehearsal, checks)
}

export type Answers = Readonly<Record<string, AskedCheck['verdicts']>>

/** Asks as a verification does; gives the answers by their checks' ids. */
async function answersOf(rehearsal: OpenRehearsal, checks: readonly RehearsalCheck[]): Promise<Answers> {
  const asked = await askAll(rehearsal, { checks, clock: systemClock, width: 2, told: () => undefined }, never)
  return Object.fromEntries(asked.map(({ id, verdicts }) => [id, verdicts]))
}

async function laid(home: string, version: string, { migrations, migrator = carefulMigrator, routes = {}, querying = '(text) => pool.query(text)', deploymentId, disk }: MadeVersion): Promise<Version> {
  const files = join(home, version)
  await mkdir(files, { recursive: true })
  await writeFile(join(files, 'migrate.mjs'), `${connecting}const migrations = ${JSON.stringify(migrations)}\n${migrator}\nawait client.end()\n`)
  await writeFile(join(files, 'server.mjs'), `const routes = ${JSON.stringify({ '/healthz': 'select 1', ...routes })}\nconst querying = ${querying}\n${server}`)
  const parsed = readBlueprint(blueprint, 'render.yaml')
  const digest = digestSchema.parse(`sha256:${(version === 'live' ? '1' : '2').repeat(64)}`)
  const [spec, ...others] = unitSpecs(parsed)
  if (spec === undefined || others.length > 0) throw new Error('expected one service')
  const artifact = {
    service: spec.service, digest, inputs: digest, files, sizeBytes: 1, fileCount: 2, layout: 'installed' as const, assets: [], publicValues: {},
    builtAt: new Date(0).toISOString(), fresh: true, buildMs: 0, ...(deploymentId !== undefined && { deploymentId }),
  }
  return { blueprint, specs: [{ ...spec, ...(disk === true && { disk: { name: 'notes', mountPath: '/var/notes' } }) }], artifacts: { [spec.service]: artifact }, wanted: wantedResources(parsed) }
}

/** As the store has it: the apps of tests are laid where there are no modules. */
const pgModule = createRequire(import.meta.resolve('@plimsoll/store')).resolve('pg')
const connecting = `import pg from '${pgModule}'
const client = new pg.Client(process.env.DATABASE_URL)
await client.connect()
`
const applying = `await client.query('create table if not exists applied (number int primary key)')
for (const [number, text] of migrations.entries()) {
  const { rowCount } = await client.query('select from applied where number = $1', [number])
  if (rowCount > 0) continue
  await client.query('begin')
  await client.query(text)
  await client.query('insert into applied values ($1)', [number])
  await client.query('commit')
}`
const carefulMigrator = `await client.query('select pg_advisory_lock(1)')\n${applying}`

/** Two of it at once get in each other's way: both see that nothing is applied before either begins. One alone waits in vain for the other. */
export const hastyMigrator = `const { rowCount } = await client.query("select from pg_tables where tablename = 'items'")
for (let others = 0, looks = 0; others < 2 && looks < 500; looks += 1) {
  others = (await client.query("select count(*)::int as n from pg_stat_activity where datname = current_database() and application_name = ''")).rows[0].n
  await client.query('select pg_sleep(0.02)')
}
if (rowCount === 0) for (const text of migrations) await client.query(text)`

/** It notes nothing. */
export const forgetfulMigrator = `for (const text of migrations) await client.query(text)`

const server = `import { createServer } from 'node:http'
import pg from '${pgModule}'
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
pool.on('error', () => undefined)
const paths = Object.fromEntries(Object.keys(routes).map((path) => [path, { get: {} }]))
const answer = async (path) => {
  if (path === '/openapi.json') return { paths }
  const { rows } = await querying(routes[path])
  if (rows.some((row) => Object.values(row).includes(null))) throw new Error('a value is missing')
  return rows
}
createServer((request, response) => {
  const path = new URL(request.url, 'http://here').pathname
  if (path !== '/openapi.json' && routes[path] === undefined) return response.writeHead(404).end()
  answer(path).then((found) => response.setHeader('content-type', 'application/json').end(JSON.stringify(found)), (error) => {
    console.error(error.message)
    response.writeHead(500).end()
  })
}).listen(Number(process.env.PORT), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
`

async function freePort(): Promise<number> {
  const listening = createServer()
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  await new Promise((resolve) => listening.close(resolve))
  return port
}
