import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startFakeRender, type FakeRender } from '@plimsoll/drivers/fake-render'
import { contract } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFixtureRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

/** A shop with a database, which a copy has to be given. */
const blueprint = (start = 'node shop-server.mjs'): string => `databases:
  - name: records
services:
  - type: web
    name: web
    runtime: node
    buildCommand: node --check shop-server.mjs
    startCommand: ${JSON.stringify(start)}
    healthCheckPath: /healthz
    maxShutdownDelaySeconds: 10
    envVars:
      - { key: SHOP_DATA, value: ${JSON.stringify(`${plimsoll.home}/shop-data`)} }
      - key: DATABASE_URL
        fromDatabase: { name: records, property: connectionString }
`

/** What these tests are not about, and takes long; each has tests of its own. */
const leftOut = ['web.browser', 'web.requests', 'web.console', 'web.hydration', 'web.titles', 'web.accessibility', 'load.requests', 'release.switch', 'shutdown.graceful', 'environment.required', 'health.honest', 'services.cut', 'boot.time']
const config = `export default { checks: { skip: ${JSON.stringify(leftOut.map((check) => ({ check, reason: 'takes long' })))} } }\n`

/** What stands where Render would: nothing is built there, and one server answers for whatever is live. */
let front: Server
let asked: string[]
let render: FakeRender
let plimsoll: PlimsollHome
let repo: FixtureRepo

beforeEach(async () => {
  asked = []
  front = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end('ok')
  }).listen(0, '127.0.0.1')
  await once(front, 'listening')
  const { port } = front.address() as AddressInfo
  const paces = { created: 0, build: 0, preDeploy: 0, update: 0, storeCreating: 0, job: 0 }
  render = await startFakeRender({ paces, publicUrl: () => `http://127.0.0.1:${port}`, clock: { now: () => Date.now(), sleep: async () => undefined } })
  plimsoll = await createPlimsollHome({ PLIMSOLL_SKIP_VERIFY: '', RENDER_API_KEY: render.key, RENDER_HOST: render.base })
  repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: blueprint(), files: { 'plimsoll.config.ts': config } })
  await repo.git('remote', 'add', 'origin', 'https://github.com/ada/shop.git')
})
afterEach(async () => {
  expect(await plimsoll.leave()).toEqual([])
  await render.close()
  front.close()
  await once(front, 'close')
})

const run = (...args: readonly string[]): Promise<CommandEnd> => plimsoll.run([...args, '--json'], { cwd: repo.directory })
const writes = (): readonly string[] => render.requests.filter((request) => !request.startsWith('GET'))

test('a commit is proven in a real copy on this machine before Render is told to deploy it, and one proof serves two releases', { timeout: 180_000 }, async () => {
  const released = await run('release', '--to', 'render')
  expect(released.code, `${released.out.slice(-3000)}${released.err}`).toBe(0)
  const commit = await repo.git('rev-parse', 'HEAD')
  expect(render.service('web').deploys.at(-1)).toMatchObject({ commit, status: 'live' })
  const client = await plimsoll.client()
  const { release, proof } = await client.call(contract.showRelease, { params: { app: 'shop', release: '1' } })
  expect(release).toMatchObject({ state: 'live' })
  expect(release.unproven).toBeUndefined()
  expect(proof).toMatchObject({ reused: false })
  // The copy was built and started, with a database of its own, or nothing could have been asked of it.
  expect(proof?.verdicts.find(({ check }) => check === 'boot.start')).toMatchObject({ is: 'pass' })
  expect(proof?.verdicts.filter(({ check }) => !check.startsWith('source.')).length).toBeGreaterThan(5)
  // Where people reach it, it was asked too.
  expect(asked).toContain('/healthz')

  // Somebody else has put another commit live meanwhile.
  render.push('web', '9'.repeat(40))
  expect((await run('release')).code).toBe(0)
  expect(await client.call(contract.showRelease, { params: { app: 'shop', release: '2' } })).toMatchObject({ release: { state: 'live' }, proof: { reused: true, verification: proof?.verification } })
})

test('of a commit that does not start Render is not told', { timeout: 180_000 }, async () => {
  await repo.write('render.yaml', blueprint('node -e "process.exit(3)"'))
  await repo.git('commit', '-q', '-a', '-m', 'It does not start')
  const refused = await run('release', '--to', 'render')
  expect(refused.problem?.code, `${refused.out.slice(-3000)}${refused.err}`).toBe('CHECKS_FAILED')
  expect(writes()).toEqual([])
  expect(asked).toEqual([])
})
