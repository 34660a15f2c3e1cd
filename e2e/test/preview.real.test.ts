import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contract, type Preview } from '@plimsoll/model'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFaultDoor, type FaultDoor } from '../src/crash/fault-door.ts'
import { createFixtureRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

const blueprint = (previews = ''): string => `${previews}
databases:
  - name: main
    databaseName: shop
services:
  - type: web
    name: web
    runtime: node
    buildCommand: "true"
    startCommand: node tell.mjs
    initialDeployHook: node seed.mjs
    healthCheckPath: /
    domains: [shop.example.com]
    envVars:
      - { key: DATABASE_URL, fromDatabase: { name: main, property: connectionString } }
      - { key: SEEDS, value: ${JSON.stringify(join(plimsoll.home, 'seeds.txt'))} }
      - { key: MODE, value: live, previewValue: preview }
      - { key: STRIPE_KEY, sync: false }
      - { key: OTHER_KEY, sync: false, previewValue: test_key }
      - { key: MADE, generateValue: true }
  - type: worker
    name: mailer
    runtime: node
    buildCommand: "true"
    startCommand: node work.mjs
`
const files = {
  'tell.mjs': `import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
const told = () => JSON.stringify({ ...Object.fromEntries(['DATABASE_URL', 'MODE', 'STRIPE_KEY', 'OTHER_KEY', 'MADE'].map((key) => [key, process.env[key]])), text: readFileSync('release.txt', 'utf8').trim() })
createServer((_, response) => response.end(told())).listen(Number(process.env.PORT), '0.0.0.0')
`,
  'work.mjs': 'setInterval(() => undefined, 1000)\n',
  'seed.mjs': "import { appendFileSync } from 'node:fs'\nappendFileSync(process.env.SEEDS, process.env.MODE + ' ')\n",
  'release.txt': 'main\n',
}

const full = process.env['PLIMSOLL_E2E'] === 'full'
const everyPoint = ['previews.beginEnd after', 'edge.remove before', 'driver.stop web after', 'resources.destroy before', 'resources.destroy after', 'place.forget before', 'apps.remove before', 'apps.remove after']

interface Told {
  readonly DATABASE_URL: string
  readonly MODE: string
  readonly STRIPE_KEY?: string
  readonly OTHER_KEY?: string
  readonly MADE: string
  readonly text: string
}

let plimsoll: PlimsollHome
let repo: FixtureRepo
let door: FaultDoor

beforeEach(async () => {
  plimsoll = await createPlimsollHome()
  door = openFaultDoor(join(plimsoll.home, 'faults'))
  Object.assign(plimsoll.environment, door.environment)
  repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: blueprint(), files })
  await repo.git('branch', '-M', 'main')
})
afterEach(async () => {
  expect(await plimsoll.leave()).toEqual([])
})

const run = (...args: readonly string[]): Promise<CommandEnd> => plimsoll.run(args, { cwd: repo.directory })

async function done(...args: readonly string[]): Promise<CommandEnd> {
  const end = await run(...args)
  expect(end.code, `${args.join(' ')}\n${end.out.slice(-3000)}${end.err}`).toBe(0)
  return end
}

/** The app itself is live, with rows of its own. */
async function upWithRows(): Promise<Told> {
  await done('env', 'set', 'web/STRIPE_KEY=sk_live_1234567890', 'web/OTHER_KEY=other_live_1234567890')
  await done('up')
  const live = await told('shop')
  await ask(live, "create table notes (id int generated always as identity primary key, text text not null); insert into notes (text) values ('of the live app')")
  return live
}

async function branch(name: string, text: string): Promise<void> {
  await repo.git('checkout', '-q', '-B', name)
  await repo.change(text)
  await repo.git('checkout', '-q', 'main')
}

async function told(app: string): Promise<Told> {
  const { services } = await (await plimsoll.client()).call(contract.showApp, { params: { app } })
  return (await (await fetch(services[0]?.url ?? '')).json()) as Told
}

async function previews(): Promise<readonly Preview[]> {
  return (await plimsoll.client()).call(contract.listPreviews, { params: { app: 'shop' } })
}

async function ask({ DATABASE_URL }: Told, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: DATABASE_URL })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows ?? []
  } finally {
    await client.end()
  }
}

const texts = async (of: Told): Promise<unknown[]> => ask(of, 'select text from notes order by id')

/** Where of a home something that belongs to an app lies. */
async function tracesOf(app: string): Promise<string[]> {
  const all = await readdir(plimsoll.home, { recursive: true })
  return all.filter((path) => path.split('/').includes(app) && !path.startsWith('repos/'))
}

test('a preview shows its branch with a copy of the live data, of which nothing reaches the app, and of which nothing is left when it is ended', { timeout: 240_000 }, async () => {
  const live = await upWithRows()
  await branch('feat/cart', 'cart')
  const made = await done('preview', 'create', 'feat/cart')
  expect(made.out).toContain('Preview shop-feat-cart')
  expect(made.out).toContain('begin as a copy of those of shop')
  const preview = await told('shop-feat-cart')
  expect(preview).toMatchObject({ text: 'cart', MODE: 'preview', OTHER_KEY: 'test_key' })
  expect(live).toMatchObject({ text: 'main', MODE: 'live', OTHER_KEY: 'other_live_1234567890', STRIPE_KEY: 'sk_live_1234567890' })
  expect(preview).not.toHaveProperty('STRIPE_KEY')
  expect(preview.MADE).not.toBe(live.MADE)
  expect(preview.DATABASE_URL).not.toBe(live.DATABASE_URL)
  expect(await texts(preview)).toEqual([{ text: 'of the live app' }])
  await ask(preview, "insert into notes (text) values ('of the preview'); delete from notes where id = 1")
  expect(await texts(live)).toEqual([{ text: 'of the live app' }])

  // What is pushed is released in it, and its data stays.
  await branch('feat/cart', 'a better cart')
  await done('preview', 'create', 'feat/cart')
  expect(await told('shop-feat-cart')).toMatchObject({ text: 'a better cart', DATABASE_URL: preview.DATABASE_URL })
  expect(await texts(preview)).toEqual([{ text: 'of the preview' }])
  expect(await previews()).toMatchObject([{ app: 'shop-feat-cart', branch: 'feat/cart', pull: null, data: 'clone', state: 'live', release: 2, why: null }])
  const domains = await (await plimsoll.client()).call(contract.listApps, {})
  expect(domains.map(({ name, services }) => [name, services[0]?.domains, services.length])).toEqual([['shop', ['shop.example.com'], 2], ['shop-feat-cart', [], 2]])
  // Begun with a copy, it is not filled by the hook besides.
  expect(existsSync(join(plimsoll.home, 'seeds.txt'))).toBe(false)

  expect((await done('preview', 'end', 'feat/cart')).out).toBe('Preview shop-feat-cart is ended. shop is as it was.\n')
  expect(await previews()).toEqual([])
  expect((await (await plimsoll.client()).call(contract.listApps, {})).map(({ name }) => name)).toEqual(['shop'])
  await expect(ask(preview, 'select 1')).rejects.toThrow(/does not exist|authentication failed/)
  expect(await tracesOf('shop-feat-cart')).toEqual([])
  expect(await told('shop')).toEqual(live)
  expect(await texts(live)).toEqual([{ text: 'of the live app' }])
  expect((await run('preview', 'end', 'feat/cart')).code).toBe(2)
})

test('a preview that begins empty is filled by initialDeployHook once, and gets the secrets that are named and no other', { timeout: 180_000 }, async () => {
  await upWithRows()
  await done('preview', 'settings', '--data', 'empty', '--secrets', 'web/STRIPE_KEY')
  await branch('next', 'next')
  await done('preview', 'create', 'next')
  const preview = await told('shop-next')
  expect(preview).toMatchObject({ text: 'next', STRIPE_KEY: 'sk_live_1234567890', OTHER_KEY: 'test_key' })
  await expect(texts(preview)).rejects.toThrow(/relation "notes" does not exist/)
  await expect.poll(() => seeds(), { timeout: 20_000 }).toBe('preview ')
  await branch('next', 'next again')
  await done('preview', 'create', 'next')
  expect(await previews()).toMatchObject([{ release: 2, state: 'live', why: null }])
  await done('down', '--app', 'shop-next')
  expect(await seeds()).toBe('preview ')
  await done('preview', 'end', 'next')
})

const seeds = async (): Promise<string> => readFile(join(plimsoll.home, 'seeds.txt'), 'utf8').catch(() => '')

test('a Plimsoll that is killed anywhere while it ends a preview ends it with its next start, and the app serves on', { timeout: 900_000 }, async () => {
  const live = await upWithRows()
  const url = (await (await plimsoll.client()).call(contract.showApp, { params: { app: 'shop' } })).services[0]?.url ?? ''
  await branch('next', 'next')
  for (const point of full ? everyPoint : ['resources.destroy after']) {
    await done('preview', 'create', 'next')
    const preview = await told('shop-next')
    await door.arm({ signal: 'SIGKILL', point, pass: 1, afterMs: 0 })
    const ending = run('preview', 'end', 'next')
    expect(await door.struck(ending), point).toBe(true)
    await ending
    expect(await (await fetch(url)).json(), point).toEqual(live)
    // Any command that needs it starts it again.
    await done('env', 'set', 'web/STRIPE_KEY=sk_live_1234567890')
    await expect.poll(previews, { timeout: 60_000, interval: 100, message: point }).toEqual([])
    await expect(ask(preview, 'select 1'), point).rejects.toThrow(/does not exist|authentication failed/)
    expect(await tracesOf('shop-next'), point).toEqual([])
  }
  expect(await told('shop')).toEqual(live)
  expect(await texts(live)).toEqual([{ text: 'of the live app' }])
})
