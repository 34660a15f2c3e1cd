import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appNameSchema } from '@plimsoll/model'
import { Kysely, PostgresDialect } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { keyFile, openStore, type Connection, type Store } from '../src/store.ts'
import { openSecrets } from '../src/sealing/open-secrets.ts'
import { newSecretKey } from '../src/sealing/secret-key.ts'
import { openPool } from '../src/state/pool.ts'
import type { Tables } from '../src/state/tables.ts'
import { textOf, withTestServer } from '../src/test-server.ts'
import { query } from './postgres-world.ts'

const server = withTestServer({ beforeAll, afterAll })
const [shop, blog] = [appNameSchema.parse('shop'), appNameSchema.parse('blog')]

let home = ''
let connection: Connection
let store: Store
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plimsoll-secrets-'))
  connection = await server.freshDatabase()
  store = await open()
})
afterEach(async () => {
  await store.close()
  await rm(home, { recursive: true })
})

const path = (): string => join(home, 'secret-key')
const open = (): Promise<Store> => openStore({ connection, keys: keyFile(path()) })
async function again(): Promise<Store> {
  await store.close()
  return (store = await open())
}
const set = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i += 1) await store.keptValues.set(shop, `api/K${String(i).padStart(2, '0')}`, `value ${i}`)
}
const whole = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`api/K${String(i).padStart(2, '0')}`, `value ${i}`]))

test('what was kept in plain before there were keys is sealed by the next start, and reads as it did', async () => {
  const account = await store.databaseAccounts.settle(shop, { name: 'main', databaseName: undefined, user: undefined })
  await set(3)
  await query(connection, "update plimsoll.kept_values set sealed = null, value = 'plain ' || key; update plimsoll.databases set sealed = null, password = 'a plain password'")
  expect(await store.keptValues.get(shop, 'api/K01')).toBe('plain api/K01')
  await again()
  expect(await query(connection, 'select value from plimsoll.kept_values where value is not null')).toEqual([])
  expect(await query(connection, 'select password from plimsoll.databases where password is not null')).toEqual([])
  expect(await store.keptValues.values(shop)).toEqual({ 'api/K00': 'plain api/K00', 'api/K01': 'plain api/K01', 'api/K02': 'plain api/K02' })
  expect(await store.databaseAccounts.of(shop)).toEqual([{ ...account, password: 'a plain password' }])
})

test('a secret that was moved to another app in the database does not open there', async () => {
  await store.keptValues.set(shop, 'api/KEY', 'of the shop')
  await store.keptValues.set(blog, 'api/KEY', 'of the blog')
  await query(connection, "update plimsoll.kept_values set sealed = (select sealed from plimsoll.kept_values where app = 'shop') where app = 'blog'")
  await expect(store.keptValues.get(blog, 'api/KEY')).rejects.toMatchObject({ code: 'SECRET_ALTERED', message: expect.stringContaining('api/KEY of blog') })
  await expect(store.keptValues.settle(blog, 'api/KEY', () => 'made up')).rejects.toMatchObject({ code: 'SECRET_ALTERED' })
  await store.keptValues.set(blog, 'api/KEY', 'set anew')
  expect([await store.keptValues.get(shop, 'api/KEY'), await store.keptValues.get(blog, 'api/KEY')]).toEqual(['of the shop', 'set anew'])
})

test('a rotation seals everything with a new key, and the old one is gone from the file and from the database', async () => {
  await set(5)
  const before = await readFile(path(), 'utf8')
  const done = await store.secrets.rotate()
  const { keys } = await store.secrets.status()
  expect(done).toMatchObject({ made: true, sealed: 5, unopened: 0, dropped: [expect.any(String)] })
  expect(keys).toEqual([{ id: done.current, is: 'current', secrets: 5 }])
  const now = await readFile(path(), 'utf8')
  expect(now.trim().split('\n')).toHaveLength(1)
  expect(now).not.toBe(before)
  await again()
  expect(await store.keptValues.values(shop)).toEqual(whole(5))
})

test('a rotation that is ended after any of its batches loses nothing, and the next start finishes it', async () => {
  const batches = 4
  await set(2 * batches)
  for (let endedAt = 1; endedAt <= batches; endedAt += 1) {
    await rotateUntil(endedAt)
    expect((await readFile(path(), 'utf8')).trim().split('\n'), `ended after ${endedAt}`).toHaveLength(2)
    // Whoever reads meanwhile finds everything.
    await again()
    expect(await store.keptValues.values(shop)).toEqual(whole(2 * batches))
    expect((await store.secrets.status()).keys).toMatchObject([{ is: 'current', secrets: 2 * batches }])
    expect((await readFile(path(), 'utf8')).trim().split('\n')).toHaveLength(1)
  }
})

test('what is set while a rotation goes on is sealed with the new key, and stays', async () => {
  await set(6)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: openPool(connection) }) })
  let at = 0
  const mine = await openSecrets({ db, source: keyFile(path()), resealing: { batch: 2, afterBatch: async () => {
    await mine.vault.keep(['kept_values', shop, `api/K0${at}`], `newer ${at}`, (sealed) => query(connection, `update plimsoll.kept_values set sealed = '\\x${sealed.toString('hex')}' where key = 'api/K0${at}'`))
    at += 1
  } } })
  expect(await mine.rotate()).toMatchObject({ sealed: 6, unopened: 0 })
  await db.destroy()
  await again()
  expect(await store.keptValues.values(shop)).toEqual({ ...whole(6), 'api/K00': 'newer 0', 'api/K01': 'newer 1', 'api/K02': 'newer 2' })
})

test('two rotations at once are one, and one that failed in its middle is finished by the next', async () => {
  await set(3)
  const [one, two] = await Promise.all([store.secrets.rotate(), store.secrets.rotate()])
  expect(one).toEqual(two)
  await rotateUntil(1)
  const begun = (await readFile(path(), 'utf8')).split('\n')[0]
  await again()
  expect((await readFile(path(), 'utf8')).trim()).toBe(begun)
})

test('without its key nothing is overwritten or made up, everything else goes on, and the key is found again once it is back', async () => {
  await set(2)
  await rename(path(), `${path()}.away`)
  await again()
  const locked = { code: 'SECRETS_LOCKED', message: expect.stringContaining(path()), hint: expect.stringContaining('backup') }
  expect((await store.secrets.status()).problem).toMatchObject(locked)
  expect((await store.secrets.status()).keys).toMatchObject([{ is: 'missing', secrets: 2 }])
  await expect(store.keptValues.values(shop)).rejects.toMatchObject(locked)
  await expect(store.keptValues.settle(shop, 'api/K00', () => 'made up')).rejects.toMatchObject(locked)
  await expect(store.keptValues.set(shop, 'api/K00', 'overwritten')).rejects.toMatchObject(locked)
  await expect(store.secrets.rotate()).rejects.toMatchObject(locked)
  expect((await store.keptValues.list(shop)).map(({ key }) => key)).toEqual(['api/K00', 'api/K01'])
  await expect(readFile(path())).rejects.toMatchObject({ code: 'ENOENT' })
  await rename(`${path()}.away`, path())
  expect(await store.keptValues.values(shop)).toEqual(whole(2))
})

test('another key in place of the one that sealed is refused, and both together are taken', async () => {
  await set(2)
  const [mine, other] = [await readFile(path(), 'utf8'), newSecretKey()]
  await writeFile(path(), `${other.text}\n`)
  await again()
  await expect(store.keptValues.get(shop, 'api/K00')).rejects.toMatchObject({ code: 'SECRETS_LOCKED', message: expect.stringContaining('another key') })
  await writeFile(path(), `${other.text}\n${mine}`)
  expect(await store.keptValues.values(shop)).toEqual(whole(2))
  expect((await store.secrets.status()).keys).toEqual([{ id: other.id, is: 'current', secrets: 2 }])
  expect((await readFile(path(), 'utf8')).trim()).toBe(other.text)
})

test('starting over forgets what no key opens, says what that is, and goes on', async () => {
  await set(1)
  const account = await store.databaseAccounts.settle(shop, { name: 'main', databaseName: undefined, user: undefined })
  await rm(path())
  await again()
  const done = await store.secrets.startOver()
  expect(done).toMatchObject({ forgotten: [{ app: 'shop', key: 'api/K00' }], newPasswords: [{ app: 'shop', name: 'main' }] })
  const [now] = await store.databaseAccounts.of(shop)
  expect(now).toEqual({ ...account, password: expect.any(String) })
  expect(now?.password).not.toBe(account.password)
  expect(await query(connection, 'select password from plimsoll.databases where password is not null')).toEqual([])
  await set(1)
  expect((await store.secrets.status()).keys).toEqual([{ id: done.current, is: 'current', secrets: 2 }])
  expect(await store.secrets.startOver()).toEqual({ current: done.current, forgotten: [], newPasswords: [] })
})

test('how channels are reached, and what hooks are signed with, is sealed, goes with a rotation, and is given up with the key', async () => {
  const at = '2026-11-27T12:00:00.000Z'
  const way = { kind: 'slack' as const, url: 'https://hooks.example/T0/B0/very-secret' }
  await store.channels.add({ id: 'c1', name: 'Deploys', app: '*', topics: ['release.live'], to: 'hooks.example', way, at })
  const settings = { repository: 'acme/shop', branch: 'main', directory: '', server: 'https://github.com', onPush: 'release' as const, onPullRequest: 'verify' as const, forks: false }
  await store.hooks.put(shop, { settings, secret: 'signs-very-secretly', token: 'fetches-very-secretly', at })
  const told = async () => [(await store.channels.find('c1'))?.way, await store.hooks.find(shop).then((kept) => kept && [kept.secret, kept.token])]
  expect(await textOf(connection)).not.toContain('very-secret')
  expect(await told()).toEqual([way, ['signs-very-secretly', 'fetches-very-secretly']])
  expect(await store.secrets.rotate()).toMatchObject({ sealed: 2, unopened: 0 })
  expect(await told()).toEqual([way, ['signs-very-secretly', 'fetches-very-secretly']])
  await query(connection, "update plimsoll.hooks set sealed = (select sealed from plimsoll.channels)")
  await expect(store.hooks.find(shop)).rejects.toMatchObject({ code: 'SECRET_ALTERED', message: 'What the hook of shop is signed with is not what was sealed there: somebody has changed it in the database, or moved it from another place' })
  await rm(path())
  await again()
  expect(await store.secrets.startOver()).toMatchObject({ forgotten: [{ app: '*', key: 'notification channel Deploys' }, { app: 'shop', key: 'GitHub hook' }] })
  expect([await store.channels.list(), await store.hooks.find(shop)]).toEqual([[], undefined])
})

/** As if Plimsoll died after that many transactions of a rotation. */
async function rotateUntil(endedAt: number): Promise<void> {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: openPool(connection) }) })
  let left = endedAt
  const died = new Error('died here')
  const mine = await openSecrets({ db, source: keyFile(path()), resealing: { batch: 2, afterBatch: async () => {
    left -= 1
    if (left === 0) throw died
  } } })
  await expect(mine.rotate()).rejects.toBe(died)
  await db.destroy()
}
