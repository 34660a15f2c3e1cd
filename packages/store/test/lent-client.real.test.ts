import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPool } from '../src/state/pool.ts'
import { withTestServer } from '../src/test-server.ts'

const server = withTestServer({ beforeAll, afterAll })

test('a connection that broke unseen is replaced when nothing was done on it, and one in the middle of its work is not', async () => {
  const connection = await server.freshDatabase()
  const directory = await mkdtemp(join(tmpdir(), 'lent-'))
  const clients = new Set<Socket>()
  // Between the pool and the server: it can close a connection in the very turn in which it is used.
  const between = createServer((socket) => {
    clients.add(socket)
    const upstream = createConnection(join(connection.host ?? '', `.s.PGSQL.${connection.port}`))
    socket.pipe(upstream).pipe(socket)
    for (const each of [socket, upstream]) each.on('error', () => undefined).on('close', () => (socket.destroy(), upstream.destroy()))
  }).listen(join(directory, '.s.PGSQL.5432'))
  await once(between, 'listening')
  const db = new Kysely<Record<string, never>>({ dialect: new PostgresDialect({ pool: openPool({ ...connection, host: directory, port: 5432 }) }) })
  const ask = async (on = db): Promise<unknown> => (await sql<{ one: number }>`select 1 as one`.execute(on)).rows[0]?.one
  const breakAll = (): void => clients.forEach((socket) => socket.destroy())
  try {
    await Promise.all([ask(), ask(), ask()])
    expect(clients.size).toBeGreaterThan(1)
    breakAll()
    expect(await ask()).toBe(1)
    await expect(db.transaction().execute(async (tx) => {
      await ask(tx)
      breakAll()
      return ask(tx)
    })).rejects.toMatchObject({ code: 'DATABASE_DOWN' })
    expect(await ask()).toBe(1)
  } finally {
    await db.destroy()
    between.close()
    await rm(directory, { recursive: true })
  }
})
