import { createSwarmDriver, createTunnels } from '@plimsoll/drivers/swarm'
import { waitUntil } from '@plimsoll/engine/contract'
import { appNameSchema } from '@plimsoll/model'
import { createRegistry } from '@plimsoll/drivers/docker'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CommandEnd } from '../src/plimsoll/plimsoll-home.ts'
import { labClock } from '../src/swarm/lab-clock.ts'
import { onSwarm } from '../src/swarm/on-swarm.ts'
import { createSmallStage, type SmallStage } from '../src/swarm/small-stage.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 })

const blueprint = `databases:
  - name: records
services:
  - type: web
    name: web
    runtime: docker
    dockerfilePath: ./Dockerfile
    healthCheckPath: /
    domains: [shop.example.com]
    disk: { name: notes, mountPath: /var/notes, sizeGB: 1 }
    envVars:
      - { key: DATABASE_URL, fromDatabase: { name: records, property: connectionString } }
`
/** Tells its version and its database, and keeps one note on its disk. */
const keeper = (version: string): string => `import { createServer } from 'node:http'
import { readFileSync, writeFileSync } from 'node:fs'
createServer(({ url }, response) => {
  const write = /^\\/write\\/(.+)/.exec(url)
  if (write) writeFileSync('/var/notes/note', write[1])
  response.end(url === '/note' ? readFileSync('/var/notes/note', { encoding: 'utf8', flag: 'a+' }) || 'nothing' : url === '/database' ? process.env.DATABASE_URL : '${version}')
}).listen(Number(process.env.PORT), '0.0.0.0')
process.on('SIGTERM', () => process.exit(0))
`

describe.skipIf(missing !== undefined)(`what an app keeps in a cluster${missing === undefined ? '' : ` (${missing})`}`, () => {
  let stage: SmallStage
  beforeEach(async () => {
    stage = await createSmallStage()
    await stage.repo.write('render.yaml', blueprint)
    await publish('one')
  })
  afterEach(async () => {
    expect(await stage.leave()).toEqual([])
  })

  async function publish(version: string): Promise<void> {
    await stage.repo.write('web.mjs', keeper(version))
    await stage.repo.git('add', '--all')
    await stage.repo.git('commit', '-q', '-m', version)
  }
  async function command(...args: readonly string[]): Promise<CommandEnd> {
    const end = await stage.plimsoll.run(args, { cwd: stage.repo.directory })
    expect(end.code, `${args.join(' ')}\n${end.out.slice(-6000)}${end.err}`).toBe(0)
    return end
  }
  const live = (path: string): string => stage.ask(stage.lab.nodes[0].host, path)
  const preview = (path: string): string => stage.ask(stage.lab.nodes[0].host, path, 'web.shop-next.localhost')
  /** What a cluster and its machines have of an app. */
  const left = async (app: string): Promise<string[]> => {
    const { things, containers } = await onSwarm(stage.lab, stage.plimsoll.home)
    const all = [...things.map(({ what, labels }) => ({ labels, said: `${what} ${labels['plimsoll.resource'] ?? 'of the app'}` })), ...containers.map(({ labels, state }) => ({ labels, said: `container ${state}` }))]
    return all.filter(({ labels }) => labels['plimsoll.app'] === app).map(({ said }) => said).toSorted()
  }
  /** A machine takes a moment to remove the container of a task that has ended. */
  const gone = (app: string): Promise<void> => expect.poll(() => left(app), { timeout: 30_000 }).toEqual([])

  /** Asks the database of an app as a client beside Plimsoll. */
  async function query(app: 'shop' | 'shop-next', sql: string): Promise<unknown[]> {
    const { lab, plimsoll } = stage
    const [first, second, third] = lab.nodes
    const registry = createRegistry({ engine: first.engine, machine: {}, clock: labClock, keptLogin: async () => undefined, learn: () => undefined })
    const builder = { build: async () => Promise.reject(new Error('nothing is built here')) }
    const doorImage = JSON.parse((await first.engine.call({ path: '/services', query: { filters: { label: ['plimsoll.role=disk'] } }, to: 'find an image with Node' }, AbortSignal.timeout(10_000))).body)[0].Spec.TaskTemplate.ContainerSpec.Image
    const driver = createSwarmDriver({ home: join(plimsoll.home, 'swarm'), managers: [first.engine, second.engine, third.engine], workshop: first.engine, doorImage, dataLabel: 'plimsoll.data', builder, registry, clock: labClock })
    const tunnels = createTunnels(driver)
    const url = new URL(app === 'shop' ? live('/database') : preview('/database'))
    const { host, port } = await tunnels.to(appNameSchema.parse(app), { host: url.hostname, port: Number(url.port) })
    const client = new pg.Client({ host, port, user: url.username, password: decodeURIComponent(url.password), database: url.pathname.slice(1) })
    try {
      await client.connect()
      return (await client.query<Record<string, unknown>>(sql)).rows ?? []
    } finally {
      await client.end()
      await tunnels.close()
      await driver.close()
    }
  }

  test('a disk stays through releases and a way back, a preview begins with a copy of the databases and a disk of its own, and nothing is left of either when it is not wanted any more', async () => {
    await command('release', '--to', 'production')
    await waitUntil('the first release serves', () => live('/') === 'one', { clock: labClock, withinMs: 60_000 })
    expect(live('/note')).toBe('nothing')
    live('/write/kept')
    await publish('two')
    await command('release', '--to', 'production')
    expect([live('/'), live('/note')]).toEqual(['two', 'kept'])
    await command('rollback', '--app', 'shop')
    expect([live('/'), live('/note')]).toEqual(['one', 'kept'])

    await query('shop', "create table notes (text text); insert into notes select 'of the live app ' || n from generate_series(1, 20000) n")
    await stage.repo.git('checkout', '-q', '-b', 'next')
    await publish('three')
    await command('preview', 'create', 'next', '--app', 'shop')
    expect([preview('/'), preview('/note')]).toEqual(['three', 'nothing'])
    expect(await query('shop-next', 'select count(*)::int as all, max(text) as last from notes')).toEqual([{ all: 20_000, last: 'of the live app 9999' }])
    await query('shop-next', 'truncate notes')
    preview('/write/of-the-preview')
    expect(live('/note')).toBe('kept')
    expect(await query('shop', 'select count(*)::int as all from notes')).toEqual([{ all: 20_000 }])
    expect(await left('shop-next')).toEqual(expect.arrayContaining(['service web notes', 'volume records', 'volume web notes']))
    await command('preview', 'end', 'next', '--app', 'shop')
    await gone('shop-next')
    expect([live('/note'), live('/')]).toEqual(['kept', 'one'])

    await command('down', '--app', 'shop')
    expect((await left('shop')).filter((each) => each.includes('notes'))).toEqual(['service web notes', 'volume web notes'])
    await command('release', '--to', 'production')
    await waitUntil('it serves again', () => live('/') === 'three', { clock: labClock, withinMs: 60_000 })
    expect(live('/note')).toBe('kept')
    await command('down', '--app', 'shop', '--destroy-data')
    await gone('shop')
  })
})
