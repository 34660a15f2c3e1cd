import { appNameSchema } from '@plimsoll/model'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDockerEngine } from '../src/docker-engine/docker-engine.ts'
import { engineAddress } from '../src/docker-engine/engine-address.ts'
import { createDockerResources, type DockerResources } from '../src/docker/resources/docker-resources.ts'
import { networkName, resourceName } from '../src/container/place-labels.ts'
import { createRegistry } from '../src/registry/registry.ts'
import { openPlace, type Place } from '../src/process/place.ts'
import { realClock } from './real-clock.ts'
import { postgresImage, redisImage } from './stand-in/servers.ts'
import { whyNoDocker } from './stand-in/stand-in.ts'

const never = new AbortController().signal
const missing = await whyNoDocker(process.env)
const app = appNameSchema.parse('shop')
const wanted = { databases: [{ name: 'shop db' }], keyValues: [{ name: 'cache', maxmemoryPolicy: 'noeviction' }] }
const limit = 120_000

describe.skipIf(missing !== undefined)(`databases and key-value services on Docker${missing === undefined ? '' : ` (${missing})`}`, () => {
  const engine = openDockerEngine(engineAddress(process.env))
  const registry = createRegistry({ engine, machine: {}, clock: { ...realClock, sleep: async () => undefined }, keptLogin: async () => undefined, learn: () => undefined })
  let home: string
  let place: Place
  let resources: DockerResources
  let forgotten: string[]

  const made = async (): Promise<DockerResources> => createDockerResources({
    home, engine, registry, clock: realClock,
    images: { database: (await postgresImage(engine, never)).name, keyvalue: (await redisImage(engine, never)).name },
    accountOf: async () => ({ role: 'shop', database: 'shop', password: 'a secret word' }),
    passwordOf: async () => 'another secret',
    forget: async (name) => void forgotten.push(name),
  })

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'docker-resources-'))
    place = openPlace(home)
    forgotten = []
    resources = await made()
  }, limit)
  afterEach(async () => {
    await resources.destroy(app, never)
    await rm(home, { recursive: true })
  }, limit)

  const nameOf = (kind: 'database' | 'keyvalue', name: string): string => resourceName(place, { app, kind, name })
  const look = async (kind: 'database' | 'keyvalue', name: string) => JSON.parse((await engine.call({ path: `/containers/${nameOf(kind, name)}/json`, to: 'look' }, never)).body)
  /** What a command in a container of a resource prints. */
  const run = async (kind: 'database' | 'keyvalue', name: string, command: string): Promise<string> => {
    const { Id } = JSON.parse((await engine.call({ method: 'POST', path: `/containers/${nameOf(kind, name)}/exec`, body: { Cmd: ['/bin/sh', '-c', command], AttachStdout: true, AttachStderr: true, Tty: true }, to: 'ask' }, never)).body)
    return (await engine.call({ method: 'POST', path: `/exec/${Id}/start`, body: { Detach: false, Tty: true }, to: 'ask' }, never)).body.trim()
  }

  it('are there once, answer, and keep their secrets from whoever looks at them', { timeout: limit }, async () => {
    const first = await resources.ensure(app, wanted, never)
    expect(first).toEqual({
      databases: { 'shop db': { host: 'shop-db.shop.internal', port: 5432, user: 'shop', password: 'a secret word', database: 'shop' } },
      keyValues: { cache: { host: 'cache.shop.internal', port: 6379, password: 'another secret' } },
    })
    const started = await look('database', 'shop db')
    expect(await (await made()).ensure(app, wanted, never)).toEqual(first)
    expect((await look('database', 'shop db')).State.StartedAt).toBe(started.State.StartedAt)
    expect(JSON.stringify([started, await look('keyvalue', 'cache')])).not.toContain('secret word')
    expect(JSON.stringify(await look('keyvalue', 'cache'))).not.toContain('another secret')
    expect(await run('keyvalue', 'cache', 'redis-cli PING')).toContain('NOAUTH')
    expect(await run('keyvalue', 'cache', 'REDISCLI_AUTH="another secret" redis-cli CONFIG GET maxmemory-policy')).toContain('noeviction')
  })

  it('get the size, the version and the settings that the Blueprint names, also when it names others later, and run on', { timeout: limit }, async () => {
    const { name } = await postgresImage(engine, never)
    const [repository = '', tag = ''] = name.split(':')
    const versioned = async () => createDockerResources({
      home, engine, registry, clock: realClock, images: { database: `${repository}:${tag.slice(0, -1)}{major}`, keyvalue: (await redisImage(engine, never)).name },
      accountOf: async () => ({ role: 'shop', database: 'shop', password: 'a secret word' }), passwordOf: async () => 'another secret', forget: async () => undefined,
    })
    const ask = async (plan: string, keyValue: object) => (await versioned()).ensure(app, { databases: [{ name: 'shop db', plan, majorVersion: tag.slice(-1) }], keyValues: [{ name: 'cache', ...keyValue }] }, never)
    await ask('0.1c-256mb', { plan: '256mb' })
    const before = await look('database', 'shop db')
    expect([before.Config.Image, before.HostConfig.Memory, before.HostConfig.NanoCpus]).toEqual([name, 268_435_456, 100_000_000])
    await ask('0.5c-1g', { plan: '1g', maxmemoryPolicy: 'volatile-ttl' })
    const after = await look('database', 'shop db')
    expect([after.HostConfig.Memory, after.HostConfig.MemorySwap, after.HostConfig.NanoCpus, after.State.StartedAt]).toEqual([1_073_741_824, 1_073_741_824, 500_000_000, before.State.StartedAt])
    const settings = () => run('keyvalue', 'cache', 'REDISCLI_AUTH="another secret" redis-cli CONFIG GET "maxmemory*"')
    expect(await settings()).toMatch(/volatile-ttl/)
    expect(await settings()).toMatch(/1073741824/)
    await resources.stop(never)
    await (await made()).ensure(app, { databases: [], keyValues: [{ name: 'cache', plan: '1g', maxmemoryPolicy: 'volatile-ttl' }] }, never)
    expect(await settings()).toMatch(/1073741824/)
  })

  it('keep their data when they are stopped and when their containers are gone, and lose it only when they are destroyed', { timeout: limit }, async () => {
    await resources.ensure(app, wanted, never)
    await run('keyvalue', 'cache', 'REDISCLI_AUTH="another secret" redis-cli SET cart full')
    await run('database', 'shop db', 'echo kept >$PGDATA/mark')
    await resources.stop(never)
    // An engine that starts again brings back what it kept running, and not what was taken down.
    expect(await look('database', 'shop db')).toMatchObject({ State: { Running: false }, HostConfig: { RestartPolicy: { Name: 'no' } } })
    await resources.ensure(app, wanted, never)
    expect(await look('database', 'shop db')).toMatchObject({ State: { Running: true }, HostConfig: { RestartPolicy: { Name: 'always' } } })
    await resources.stop(never)
    for (const [kind, name] of [['database', 'shop db'], ['keyvalue', 'cache']] as const) await engine.call({ method: 'DELETE', path: `/containers/${nameOf(kind, name)}`, to: 'remove it' }, never)
    await resources.ensure(app, wanted, never)
    expect(await run('keyvalue', 'cache', 'REDISCLI_AUTH="another secret" redis-cli GET cart')).toContain('full')
    expect(await run('database', 'shop db', 'cat $PGDATA/mark')).toBe('kept')
    await resources.destroy(app, never)
    expect(forgotten).toEqual(['shop'])
    await resources.ensure(app, wanted, never)
    expect(await run('keyvalue', 'cache', 'REDISCLI_AUTH="another secret" redis-cli EXISTS cart')).toContain('0')
  })

  it('say what the server printed when it does not come up, and which image cannot be had', { timeout: limit }, async () => {
    const of = async (database: string) => createDockerResources({
      home, engine, registry, clock: realClock, images: { database, keyvalue: database },
      accountOf: async () => ({ role: 'shop', database: 'shop', password: '' }), passwordOf: async () => '', forget: async () => undefined,
    })
    await expect((await of('plimsoll.invalid/nothing:1')).ensure(app, wanted, never)).rejects.toMatchObject({ code: 'REGISTRY_DOWN', message: expect.stringContaining('plimsoll.invalid/nothing:1') })
    expect((await engine.call({ path: `/networks/${networkName(place, app)}`, to: 'look', also: [404] }, never)).status).toBe(404)
    // Without a password it refuses to make an account.
    const broken = (await of((await postgresImage(engine, never)).name)).ensure(app, { ...wanted, keyValues: [] }, never)
    await expect(broken).rejects.toMatchObject({ code: 'DATABASE_DOWN', details: { log: expect.arrayContaining([expect.stringContaining('password')]) } })
  })
})
