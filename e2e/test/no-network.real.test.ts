import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFixtureRepo, shopBlueprint, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { leftBehind } from '../src/leaks/left-behind.ts'
import { freePorts } from '../src/plimsoll/free-ports.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { startTrickle, type Trickle } from '../src/plimsoll/trickle.ts'

let plimsoll: PlimsollHome
let shop: FixtureRepo
let registry: string
let trickle: Trickle
beforeAll(async () => {
  plimsoll = await createPlimsollHome()
  registry = `127.0.0.1:${await freePorts(1)}`
  shop = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: shopBlueprint({}) })
  const end = await release()
  expect(end.code, end.out.slice(-2000) + end.err).toBe(0)
  // The entry's port is the first that the home has for entries.
  trickle = startTrickle(`http://localhost:${plimsoll.edgePort + 2}/v1/products`)
}, 120_000)
afterAll(async () => {
  expect(await plimsoll.leave()).toEqual([])
}, 60_000)

function release(): Promise<CommandEnd> {
  return plimsoll.run(['release', '--json'], { cwd: shop.directory })
}

const installs = [
  { command: 'pnpm install --config.fetch-retries=0', title: 'pnpm' },
  { command: 'npm install --no-audit --no-fund', title: 'npm' },
]

test.each(installs)('a build whose $title cannot reach its registry is told as OFFLINE with the registry, and what is live serves on', { timeout: 120_000 }, async ({ command, title }) => {
  // Nobody listens there, and the answer to that comes at once: what fails is the same as without a network, but the wait.
  await shop.write('.npmrc', `registry=http://${registry}/\nfetch-retries=0\n`)
  await shop.write('package.json', JSON.stringify({ name: 'shop', private: true, type: 'module', dependencies: { 'plimsoll-is-in-no-store': '1.0.0' } }))
  await shop.write('render.yaml', shopBlueprint({ build: command }))
  await shop.change(`installed with ${title}`)
  const end = await release()
  expect(end.problem, end.out.slice(-3000) + end.err).toMatchObject({ code: 'OFFLINE', message: expect.stringContaining(registry) as string, hint: expect.stringMatching(/network/) as string })
  expect(end.code).toBe(46)
  expect(end.release?.state).toBe('undone')
  expect(await leftBehind(plimsoll.home, `shop-web-r${end.release?.number}-`)).toEqual([])
})

test('with a build that needs no network the next release goes live, and nothing was dropped meanwhile', { timeout: 60_000 }, async () => {
  await shop.write('package.json', JSON.stringify({ name: 'shop', private: true, type: 'module' }))
  await shop.write('render.yaml', shopBlueprint({ environment: { NETWORK: 'none' } }))
  await shop.change('without a network')
  expect((await release()).release?.state).toBe('live')
  expect(await trickle.stop()).toMatchObject({ faults: [], servedBy: [expect.stringContaining('-r1-'), expect.any(String)] })
})
