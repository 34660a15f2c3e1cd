import { readFile } from 'node:fs/promises'
import { stopEdge } from '@plimsoll/edge'
import { createClient, type Client } from '@plimsoll/client'
import { appNameSchema, contract, type ReleaseEvent } from '@plimsoll/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { judge } from '../src/judge/judge.ts'
import { renderJudgement } from '../src/judge/render-judgement.ts'
import type { SwitchRecord } from '../src/judge/switch-record.ts'
import type { LoadTarget } from '../src/load/load-target.ts'
import { standardMix } from '../src/load/mix.ts'
import { pause } from '../src/load/pause.ts'
import { startLoad } from '../src/load/start-load.ts'
import { createFixtureRepo, createOwnRepo, shopBlueprint, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { freePorts } from '../src/plimsoll/free-ports.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { switchOf } from '../src/plimsoll/switch-of.ts'
import { startTrickle, type Trickle } from '../src/plimsoll/trickle.ts'

const app = appNameSchema.parse('plimsoll')
const shop = appNameSchema.parse('shop')
/** What the engine gives streams of a release that is retired. */
const streamGraceMs = 10_000
const mix = { ...standardMix, slow: 0, upload: 0, download: 0, socket: 0, write: 0, action: 0, events: 3, page: 10 }
const version = (number: number): string => `export const apiVersion = '0.1.${number}'\n`

/** The Plimsoll that releases, this repository, the Plimsoll that it becomes, and an app that this one runs. */
let plimsoll: PlimsollHome
let repo: FixtureRepo
let inner: string
let released: Client
let url: Record<'console' | 'api', string>
let token: string
let cookie: string
let shopTrickle: Trickle

beforeAll(async () => {
  plimsoll = await createPlimsollHome()
  inner = `${plimsoll.home}/in`
  const ports = await freePorts(10)
  repo = await createOwnRepo(`${plimsoll.home}/repos/own`, {})
  expect((await plimsoll.run(['env', 'set', '--app', app, `api/PLIMSOLL_HOME=${inner}`, `api/PLIMSOLL_EDGE_PORT=${ports}`, `api/PLIMSOLL_ENTRY_PORTS=${ports + 1}`])).code).toBe(0)
  await command('up')
  const { services } = await (await plimsoll.client()).call(contract.showApp, { params: { app } })
  const urlOf = (name: string): string => (services.find(({ service }) => service === name)?.url ?? '').replace('localhost', '127.0.0.1')
  url = { console: urlOf('console'), api: urlOf('api') }
  token = await ownersToken()
  released = createClient({ baseUrl: url.api, token })
  cookie = await enter()
  await releaseShop()
}, 600_000)
afterAll(async () => {
  const ended = await shopTrickle?.stop()
  await released?.call(contract.takeDown, { params: { app: shop }, body: { destroyData: true } })
  await plimsoll.run(['down', '--app', app])
  await stopEdge({ home: inner }, AbortSignal.timeout(30_000))
  expect(await plimsoll.leave()).toEqual([])
  expect(ended?.faults).toEqual([])
}, 120_000)

async function command(...args: readonly string[]): Promise<CommandEnd> {
  const end = await plimsoll.run([...args, '--app', app, '--json'], { cwd: repo.directory })
  expect(end.code, `${end.out.slice(-3000)}${end.err}`).toBe(0)
  return end
}

/** As whoever can read the released Plimsoll's home. */
async function ownersToken(): Promise<string> {
  return (await readFile(`${inner}/api/token`, 'utf8')).trim()
}

/** Lets a browser in by a link, and gives the cookie that it has from then on. */
async function enter(link?: string): Promise<string> {
  const code = link ?? (await released.call(contract.makeLink, {})).code
  const answer = await fetch(`${url.console}/enter/${code}`, { redirect: 'manual' })
  const [given = ''] = (answer.headers.get('set-cookie') ?? '').split(';')
  expect([answer.status, given]).toEqual([307, expect.stringContaining('plimsoll_session=')])
  return given
}

async function releaseShop(): Promise<void> {
  const { directory } = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: shopBlueprint({ environment: { SHOP_DATA: `${plimsoll.home}/shop-data` } }) })
  const { number } = await released.call(contract.startRelease, { params: { app: shop }, body: { source: { root: directory, blueprint: 'render.yaml' }, skipVerify: 'it is here to be looked at' } })
  const events: ReleaseEvent[] = []
  for await (const event of released.stream(contract.watchRelease, { params: { app: shop, release: String(number) } })) events.push(event)
  expect(events.at(-1)).toMatchObject({ event: 'end', data: { state: 'live' } })
  const { services } = await released.call(contract.showApp, { params: { app: shop } })
  shopTrickle = startTrickle(services[0]?.url ?? '')
}

/** One change after the other at whichever API is reached, and what was wrong with each that was not made. */
function startChanges(): { stop(): Promise<{ readonly made: number; readonly faults: readonly string[] }> } {
  const over = new AbortController()
  const faults: string[] = []
  let made = 0
  const running = (async () => {
    for (; !over.signal.aborted; made += 1) {
      await released.call(contract.setValues, { params: { app: shop }, body: { values: { 'web/NOTE': String(made) } } }).catch((error: unknown) => faults.push(String(error)))
      await pause(250, over.signal)
    }
  })()
  return {
    async stop() {
      over.abort()
      await running
      return { made, faults }
    },
  }
}

/** Changes what the API and the console say, and releases that. */
async function release(number: number): Promise<CommandEnd> {
  await repo.write('apps/api/src/api-version.ts', version(number))
  await repo.write('apps/console/src/app/icon.svg', `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${number} 1"><rect width="1" height="1"/></svg>\n`)
  await repo.git('commit', '-qam', `The release after ${number}`)
  return command('release')
}

/** Resolves when the API of that version is reached and holds the home: what a release or a rollback has put there does the work. */
async function untilHeldBy(wanted: string): Promise<void> {
  for (let seen: unknown; ; await pause(100)) {
    const health = await released.call(contract.health, {})
    seen = health
    if (health.version === wanted && health.unit?.holds === true) return
    expect(health.version, JSON.stringify(seen)).toBe(wanted)
  }
}

const target = (): LoadTarget => ({
  web: new URL(url.console), api: new URL(url.api),
  headers: { web: { cookie }, api: { authorization: `Bearer ${token}` } },
  quick: [
    { at: 'api', path: '/healthz' }, { at: 'web', path: '/' }, { at: 'api', path: '/v1/apps' }, { at: 'api', path: '/v1/apps/shop' },
    { at: 'web', path: '/apps/shop' }, { at: 'api', path: '/v1/apps/shop/releases/1' }, { at: 'web', path: '/sign-in' }, { at: 'api', path: '/v1/me' },
  ],
  pages: ['/', '/apps/shop', '/apps/shop/releases/1'],
  streams: [{ at: 'api', path: '/v1/apps/shop/logs?follow=true&tail=5' }, { at: 'web', path: '/apps/shop/logs' }],
  actionPage: undefined, productSlugs: [],
})

test('Plimsoll releases itself twice and goes back, and whoever uses it meanwhile loses nothing', { timeout: 900_000 }, async () => {
  await untilHeldBy('0.1.0')
  const link = (await released.call(contract.makeLink, {})).code
  const load = startLoad({ target: target(), mix, ratePerSecond: 20, pace: 3, seed: 5, longestMs: 800_000 })
  const changes = startChanges()
  const switches: SwitchRecord[] = []
  try {
    await pause(2000)
    for (const [change, then] of [[() => release(1), '0.1.1'], [() => release(2), '0.1.2'], [() => command('rollback'), '0.1.1']] as const) {
      const one = switchOf(await change(), switches.at(-1)?.after ?? 1)
      if (one === undefined) throw new Error('a change made no switch')
      switches.push(one)
      await untilHeldBy(then)
    }
    await pause(2000)
  } finally {
    await load.finish()
  }
  const made = await changes.stop()
  const { records } = await load.finish()
  const judgement = judge({ records, first: 1, switches, streamGraceMs })
  const seen = renderJudgement(judgement)
  console.log(seen, made.made)
  expect(judgement.held, seen).toBe(true)
  expect(made.faults).toEqual([])
  expect(switches.map(({ after }) => after)).toEqual([2, 3, 2])
  // What was made before the first switch works after the last.
  await enter(link)
  expect((await fetch(url.console, { headers: { cookie }, redirect: 'manual' })).status).toBe(200)
  expect(await (await fetch(`${url.console}/icon.svg`)).text()).toContain('viewBox="0 0 1 1"')
  expect(await released.call(contract.showApp, { params: { app: shop } })).toMatchObject({ live: { number: 1 } })
})
