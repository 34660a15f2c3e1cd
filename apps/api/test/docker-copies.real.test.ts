import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDockerResources, createRegistry, engineAddress, openDockerEngine } from '@plimsoll/drivers/docker'
import { postgresImage, whyNoDocker } from '@plimsoll/drivers/stand-in'
import type { DatabaseCopies } from '@plimsoll/engine'
import type { DatabaseAddress } from '@plimsoll/model'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { copiesOnServers } from '../src/places/copies-on-servers.ts'
import { systemClock } from '../src/system-clock.ts'

const never = new AbortController().signal
const missing = await whyNoDocker(process.env)
const engine = openDockerEngine(engineAddress(process.env))

describe.skipIf(missing !== undefined)(`copies of databases on Docker${missing === undefined ? '' : ` (${missing})`}`, () => {
  test('are clones that can be taken away and given back, for this machine as for containers, and go with their server, also when another process sweeps them', { timeout: 120_000 }, async () => {
    const run = randomBytes(4).toString('hex')
    const home = await mkdtemp(join(tmpdir(), 'docker-copies-'))
    const { name } = await postgresImage(engine, never)
    const open = (): DatabaseCopies => opened(home, name)
    const [copies, swept] = [open(), open()]
    onTestFinished(async () => {
      await swept.dropAll(run, never)
      await rm(home, { recursive: true })
    })
    const template = await copies.make(run, {}, never)
    await ask(template, "create table notes as select 'kept' as text")
    await copies.sever(template, never)
    const [one, other] = await Promise.all([copies.make(run, { template }, never), copies.make(run, { template }, never)])
    expect(await ask(one, "update notes set text = 'mine' returning text")).toEqual([{ text: 'mine' }])
    expect(await ask(other, 'select text from notes')).toEqual([{ text: 'kept' }])

    await copies.sever(one, never)
    await expect(ask(one, 'select 1')).rejects.toMatchObject({ code: '55000' })
    await copies.restore(one, never)
    expect(await ask(one, 'select text from notes')).toEqual([{ text: 'mine' }])
    await copies.drop(one, never)
    await expect(ask(one, 'select 1')).rejects.toMatchObject({ code: '3D000' })
    await expect(copies.sever({ ...other, port: 1 }, never)).rejects.toThrow('no server of throw-away databases')

    expect(await leftIn(run)).toEqual({ containers: 1, volumes: 1, networks: 1 })
    await swept.dropAll(run, never)
    await copies.dropAll(run, never)
    expect(await leftIn(run)).toEqual({ containers: 0, volumes: 0, networks: 0 })
    await copies.drop(other, never)
  })
})

/** As a process of Plimsoll has them. */
function opened(home: string, database: string): DatabaseCopies {
  const registry = createRegistry({ engine, machine: {}, clock: systemClock, keptLogin: async () => undefined, learn: () => undefined })
  const noAccounts = async (): Promise<never> => Promise.reject(new Error('no app has a database here'))
  return copiesOnServers(createDockerResources({ home, engine, registry, clock: systemClock, images: { database, keyvalue: '' }, accountOf: noAccounts, passwordOf: noAccounts, forget: async () => undefined }).copyServers)
}

async function leftIn(run: string) {
  const query = { all: true, filters: { label: [`plimsoll.app=plimsoll-v-${run}`] } }
  const read = async <T extends z.ZodType>(schema: T, path: string) => engine.read(schema, { path, query, to: 'look what is left' }, never)
  const list = z.array(z.unknown())
  const [containers, { Volumes }, networks] = await Promise.all([read(list, '/containers/json'), read(z.object({ Volumes: list.nullable() }), '/volumes'), read(list, '/networks')])
  return { containers: containers.length, volumes: Volumes?.length ?? 0, networks: networks.length }
}

interface Client {
  connect(): Promise<void>
  query(sql: string): Promise<{ readonly rows: readonly unknown[] }>
  end(): Promise<void>
}

const { Client } = createRequire(new URL('../../../packages/store/package.json', import.meta.url))('pg') as { readonly Client: new (address: DatabaseAddress) => Client }

async function ask(address: DatabaseAddress, sql: string): Promise<readonly unknown[]> {
  const client = new Client(address)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
