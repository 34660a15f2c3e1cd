import { contract, type ServiceView } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFixtureRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

const back = `import { createServer } from 'node:http'
createServer((_, response) => response.end(process.env.RENDER_INSTANCE_ID)).listen(process.env.PORT, '0.0.0.0')
`
// Asks the other service while it boots: a place that starts both at once would lose that race.
const front = `import { createServer } from 'node:http'
await fetch('http://' + process.env.API)
createServer(async (_, response) => {
  const api = await (await fetch('http://' + process.env.API)).text()
  response.end(JSON.stringify({ web: process.env.RENDER_INSTANCE_ID, api }))
}).listen(process.env.PORT, '0.0.0.0')
`
const work = `setInterval(() => undefined, 1000)
process.on('SIGTERM', () => process.exit(0))
`
const blueprint = `services:
  - type: web
    name: web
    runtime: node
    rootDir: front
    buildCommand: node --check main.mjs
    startCommand: node main.mjs
    healthCheckPath: /
    envVars:
      - key: API
        fromService: { type: pserv, name: api, property: hostport }
  - type: pserv
    name: api
    runtime: node
    rootDir: back
    buildCommand: node --check main.mjs
    startCommand: node main.mjs
  - type: worker
    name: mailer
    runtime: node
    rootDir: work
    buildCommand: node --check main.mjs
    startCommand: node main.mjs
`

let plimsoll: PlimsollHome
let repo: FixtureRepo

beforeEach(async () => {
  plimsoll = await createPlimsollHome()
  const files = { 'front/main.mjs': front, 'back/main.mjs': back, 'work/main.mjs': work, 'front/package.json': '{"private":true}', 'back/package.json': '{"private":true}', 'work/package.json': '{"private":true}' }
  repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint, files })
  await release()
})
afterEach(async () => {
  expect(await plimsoll.leave()).toEqual([])
})

async function release(...args: string[]): Promise<void> {
  const end = await plimsoll.run([...(args.length > 0 ? args : ['release']), '--json'], { cwd: repo.directory })
  expect(end.code, `${end.out.slice(-3000)}${end.err}`).toBe(0)
}

/** The process of each service, and who answers a visitor. */
async function look(): Promise<{ pids: Record<string, number | undefined>; answer: { web: string; api: string } }> {
  const { services } = await (await plimsoll.client()).call(contract.showApp, { params: { app: 'shop' } })
  const url = services.find(({ service }) => service === 'web')?.url ?? ''
  const pid = ({ service, instances }: ServiceView): [string, number | undefined] => [service, instances[0]?.pid]
  return { pids: Object.fromEntries(services.map(pid)), answer: (await (await fetch(url)).json()) as { web: string; api: string } }
}

test('what did not change goes on, through a release and back', { timeout: 120_000 }, async () => {
  const first = await look()
  await repo.write('front/main.mjs', `${front}// changed\n`)
  await repo.git('commit', '-qam', 'front')
  await release()
  const second = await look()
  expect(second.pids).toEqual({ ...first.pids, web: expect.any(Number) })
  expect(second.pids['web']).not.toBe(first.pids['web'])
  expect(second.answer).toEqual({ web: expect.stringMatching(/^shop-web-r2-/), api: first.answer.api })

  await release('rollback')
  expect(await look()).toEqual(first)
  await release('rollback')
  expect(await look()).toEqual(second)

  await repo.write('back/main.mjs', `${back}// changed\n`)
  await repo.git('commit', '-qam', 'back')
  await release()
  const third = await look()
  // The front reaches the back, and so it starts anew with it; the mailer reaches nobody.
  expect(third.pids).toEqual({ web: expect.any(Number), api: expect.any(Number), mailer: first.pids['mailer'] })
  expect([third.answer.web, third.answer.api]).toEqual([expect.stringMatching(/^shop-web-r5-/), expect.stringMatching(/^shop-api-r5-/)])
})

test('a value that is set starts anew those that see it, though nothing is built', { timeout: 120_000 }, async () => {
  const first = await look()
  expect((await plimsoll.run(['env', 'set', 'api/GREETING=hello'], { cwd: repo.directory })).code).toBe(0)
  await repo.write('render.yaml', blueprint.replace('rootDir: back\n', 'rootDir: back\n    envVars:\n      - key: GREETING\n        sync: false\n'))
  await repo.git('commit', '-qam', 'a greeting')
  await release()
  const second = await look()
  expect(second.pids['api']).not.toBe(first.pids['api'])
  expect((await plimsoll.run(['env', 'set', 'api/GREETING=goodbye'], { cwd: repo.directory })).code).toBe(0)
  await release()
  const third = await look()
  expect(third.pids['api']).not.toBe(second.pids['api'])
  expect(third.pids['mailer']).toBe(first.pids['mailer'])
})
