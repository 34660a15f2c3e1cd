import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { existsSync, readdirSync, watch } from 'node:fs'
import { chmod, chown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { type Connection, destroyPostgres, keepPostgresUp, type PostgresEvent } from '../src/store.ts'
import { endChild, never, postgresWorld, query } from './postgres-world.ts'

let world: Awaited<ReturnType<typeof postgresWorld>>
beforeEach(async () => {
  world = await postgresWorld()
})
afterEach(async () => expect(await world.end()).toEqual([]))

const isRoot = process.getuid?.() === 0
const nobody = { uid: 65534, gid: 65534 }

test('makes a server once, adopts it while it runs, and starts it with its data and port when it does not', async () => {
  const made = await world.start()
  await query(made.connection, "create table notes as select 'kept' as text")
  const adopted = await world.start()
  await world.stop()
  const started = await world.start()

  expect([made.how, adopted.how, started.how]).toEqual(['initialised', 'adopted', 'started'])
  expect(adopted.pid).toBe(made.pid)
  expect(started.address).toEqual(made.address)
  expect(await query(started.connection, 'select text from notes')).toEqual([{ text: 'kept' }])
})

test('is adopted after whoever started it was killed', async () => {
  const { child, said } = world.startInChild()
  const report = await said
  await endChild(child)
  const adopted = await world.start()
  expect(adopted).toMatchObject({ how: 'adopted', pid: report.pid })
})

test('gives two processes that start at once the same server', async () => {
  const reports = await Promise.all([world.startInChild().said, world.startInChild().said, world.startInChild().said])
  expect(reports.map(({ error }) => error)).toEqual([undefined, undefined, undefined])
  expect(new Set(reports.map(({ pid }) => pid)).size).toBe(1)
})

test('starts again after the server was killed in the middle of a query', async () => {
  const first = await world.start({ durable: true })
  await query(first.connection, "create table notes as select 'kept' as text")
  const busy = new pg.Client(first.connection)
  busy.on('error', () => undefined)
  await busy.connect()
  const cut = expect(busy.query('select pg_sleep(600)')).rejects.toThrow()
  process.kill(first.pid, 'SIGKILL')
  const second = await world.start()
  await cut
  expect(second.how).toBe('started')
  expect(await query(second.connection, 'select text from notes')).toEqual([{ text: 'kept' }])
})

test('makes the cluster anew when the first attempt was killed half-way, and leaves nothing of it', async () => {
  const root = await emptyRoot()
  const { child } = world.startInChild()
  await appears(root, (name) => name.startsWith('data.new-'))
  await endChild(child)
  const server = await world.start()
  expect(server.how).toBe('initialised')
  expect((await readdir(root)).filter((name) => name.includes('.new-'))).toEqual([])
})

test.each([
  ['data', ({ root }: Remembered) => join(root, 'data/postmaster.pid')],
  ['socket', ({ socketDirectory, port }: Remembered) => join(socketDirectory, `.s.PGSQL.${port}.lock`)],
])('takes away the lock file of a killed server, that of its %s, whose process id belongs to a stranger now', async (_, lockOf) => {
  const first = await world.start()
  const lock = lockOf(await remembered())
  process.kill(first.pid, 'SIGKILL')
  const stranger = spawn('sleep', ['600'], { ...(isRoot && nobody), stdio: 'ignore' })
  try {
    const lines = (await readFile(lock, 'utf8')).split('\n')
    await writeFile(lock, [String(stranger.pid), ...lines.slice(1)].join('\n'))
    expect((await world.start()).how).toBe('started')
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull()
  } finally {
    await endChild(stranger)
  }
})

test('is started again when it dies while it is watched over, and left alone after that', async () => {
  const first = await world.start()
  const stop = new AbortController()
  const told: PostgresEvent[] = []
  const up = new EventEmitter()
  const watching = keepPostgresUp(world.options, (event) => void (told.push(event), up.emit(event.is)), stop.signal)
  await supervisorIsConnected(first.connection)
  const again = once(up, 'up')
  process.kill(first.pid, 'SIGKILL')
  await again
  expect(await query(first.connection, 'select 1 as one')).toEqual([{ one: 1 }])
  stop.abort()
  await watching
  expect(told.map(({ is }) => is)).toEqual(['down', 'up'])
  expect((await world.start()).how).toBe('adopted')
})

test('stops twice, and when nothing was ever started', async () => {
  await world.stop()
  await world.start()
  await world.stop()
  await world.stop()
})

test('removes a server with its data, twice, and makes a new one after that', async () => {
  const { root } = await world.start().then(remembered)
  await destroyPostgres({ home: world.home }, never)
  await destroyPostgres({ home: world.home }, never)
  expect(existsSync(root)).toBe(false)
  expect((await world.start()).how).toBe('initialised')
})

test('says PORT_TAKEN when a stranger listens where applications expect the database', async () => {
  const { address } = await world.start()
  await world.stop()
  const stranger = createServer().listen(address.port, '127.0.0.1')
  await once(stranger, 'listening')
  try {
    await expect(world.start()).rejects.toMatchObject({ code: 'PORT_TAKEN', details: { port: address.port } })
  } finally {
    stranger.close()
    await once(stranger, 'close')
  }
})

test('never replaces a cluster that has gone missing by an empty one', async () => {
  await world.start()
  await world.stop()
  const { root } = await remembered()
  await rm(join(root, 'data'), { recursive: true })
  await expect(world.start()).rejects.toMatchObject({ code: 'DATABASE_DOWN', hint: expect.stringContaining('restore') })
})

test('says DATABASE_DOWN with the last lines of the log when the server cannot start', async () => {
  await world.start()
  await world.stop()
  const { root } = await remembered()
  await writeFile(join(root, 'data/global/pg_control'), 'broken')
  await expect(world.start()).rejects.toMatchObject({ code: 'DATABASE_DOWN', details: { log: expect.arrayContaining([expect.stringContaining('pg_control')]) } })
})

test('puts its socket elsewhere when the home has a long name', async () => {
  const home = join(world.home, 'x'.repeat(120))
  const server = await world.start({ home, systemDirectory: join(world.directory, 'y'.repeat(100)) })
  try {
    expect(server.connection.host).toMatch(/plimsoll-[0-9a-f]{12}-[0-9a-f]{8}$/)
    expect(await query(server.connection, 'select 1 as one')).toEqual([{ one: 1 }])
  } finally {
    await server.stop(never)
  }
})

test('refuses a socket directory that somebody else has prepared', async () => {
  await world.start()
  await world.stop()
  const { socketDirectory } = await remembered()
  await chmod(socketDirectory, 0o777)
  await expect(world.start()).rejects.toMatchObject({ code: 'DATABASE_DOWN', message: expect.stringContaining('777') })
})

test('lets nobody in by TCP without a password, and Plimsoll itself not at all', async () => {
  const { address } = await world.start()
  await expect(query({ ...address, user: 'plimsoll', database: 'plimsoll', password: 'x' }, 'select 1')).rejects.toMatchObject({ code: '28000' })
  await expect(query({ ...address, user: 'somebody', database: 'plimsoll', password: 'x' }, 'select 1')).rejects.toMatchObject({ code: '28P01' })
})

test.runIf(isRoot)('runs without root in a home that only root can enter', async () => {
  await mkdir(world.home, { mode: 0o700 })
  const { pid } = await world.start()
  expect(await uidOf(pid)).toBe(65534)
})

test.runIf(isRoot)('runs as the owner of the home when root starts it', async () => {
  await chmod(world.directory, 0o755)
  await mkdir(world.home, { mode: 0o700 })
  await chown(world.home, nobody.uid, nobody.gid)
  await world.start()
  expect((await remembered()).root).toBe(join(world.home, 'postgres'))
})

test.runIf(isRoot)('runs as an ordinary user', async () => {
  await chown(world.directory, nobody.uid, nobody.gid)
  const report = await world.startInChild({ ...nobody, cwd: '/' }).said
  expect(report).toMatchObject({ how: 'initialised' })
  expect(await uidOf(report.pid ?? 0)).toBe(65534)
  expect((await remembered()).root).toBe(join(world.home, 'postgres'))
})

interface Remembered {
  readonly root: string
  readonly socketDirectory: string
  readonly port: number
}

async function remembered(): Promise<Remembered> {
  return z.object({ root: z.string(), socketDirectory: z.string(), port: z.number() }).parse(JSON.parse(await readFile(join(world.home, 'postgres.json'), 'utf8')))
}

/** The server's directory, settled by a first life whose cluster is then taken away. */
async function emptyRoot(): Promise<string> {
  await world.start()
  await world.stop()
  const path = join(world.home, 'postgres.json')
  const memory = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...memory, initialised: false }))
  const { root } = await remembered()
  await rm(join(root, 'data'), { recursive: true })
  return root
}

function appears(directory: string, matches: (name: string) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(directory, look)
    function look(): void {
      if (!readdirSync(directory).some(matches)) return
      watcher.close()
      resolve()
    }
    look()
  })
}

async function supervisorIsConnected(connection: Connection): Promise<void> {
  while ((await query(connection, "select from pg_stat_activity where application_name = 'plimsoll-supervisor'")).length === 0);
}

async function uidOf(pid: number): Promise<number> {
  return Number(/^Uid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1])
}
