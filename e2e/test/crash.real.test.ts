import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { edgeHealth, edgePaths } from '@plimsoll/edge'
import { contract } from '@plimsoll/model'
import { leftBehind } from '../src/leaks/left-behind.ts'
import { pause } from '../src/load/pause.ts'
import { createFixtureRepo, shopBlueprint, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

const patience = { timeout: 120_000 }

let plimsoll: PlimsollHome
let shop: FixtureRepo
beforeEach(async () => {
  plimsoll = await createPlimsollHome()
  shop = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: shopBlueprint({}) })
})
afterEach(async () => {
  expect(await plimsoll.leave()).toEqual([])
}, 60_000)

async function command(...args: readonly string[]): Promise<CommandEnd> {
  return plimsoll.run([...args, '--json'], { cwd: shop.directory })
}

async function up(): Promise<{ readonly web: string; readonly release: number }> {
  const end = await command('up')
  expect(end.code, end.out.slice(-2000) + end.err).toBe(0)
  const { services, live, underWay } = await (await plimsoll.client()).call(contract.showApp, { params: { app: 'shop' } })
  expect(underWay).toBeNull()
  return { web: services[0]?.url ?? '', release: live?.number ?? 0 }
}

async function killApi(): Promise<void> {
  const { pid } = await (await plimsoll.client()).call(contract.health, {})
  process.kill(pid, 'SIGKILL')
}

async function servedBy(web: string): Promise<string | null> {
  const answer = await fetch(`${web}/v1/products`)
  await answer.arrayBuffer()
  return answer.headers.get('x-served-by')
}

async function edgeWithHeir(signal: AbortSignal): Promise<{ readonly pid: number; readonly heir: number }> {
  for (;;) {
    const health = await edgeHealth(edgePaths(plimsoll.home), signal)
    if (health?.heir !== undefined) return { pid: health.pid, heir: health.heir }
    await pause(20, signal)
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

test('an edge that is killed is followed by its heir at once, and killed together with it comes back by itself, on the same port and with the same release', patience, async () => {
  const { web } = await up()
  const signal = AbortSignal.timeout(30_000)
  const first = await edgeWithHeir(signal)
  process.kill(first.pid, 'SIGKILL')
  while ((await leftBehind(plimsoll.home)).some(({ pid }) => pid === first.pid)) await pause(5, signal)
  // Nobody is refused, not even now.
  expect(await servedBy(web)).toContain('shop-web-r1-')
  const { pid, heir } = await edgeWithHeir(signal)
  for (const each of [heir, pid]) process.kill(each, 'SIGKILL')
  let again: string | null = null
  while (again === null) {
    signal.throwIfAborted()
    // Refused until the new edge listens.
    again = await servedBy(web).catch(() => null)
    await pause(50, signal)
  }
  expect(again).toContain('shop-web-r1-')
})

test('`down` returns when nothing runs any more, and `up` serves the same release under the same address', patience, async () => {
  const first = await up()
  const end = await command('down')
  expect(end.code, end.err).toBe(0)
  expect(await leftBehind(plimsoll.home)).toEqual([])
  expect((await up()).web).toBe(first.web)
})

test('`down` after a crash of Plimsoll stops what the crash left running', patience, async () => {
  await up()
  await killApi()
  const end = await command('down')
  expect(end.code, end.err).toBe(0)
  expect(await leftBehind(plimsoll.home)).toEqual([])
})

test('an app whose address somebody else took meanwhile is told as PORT_TAKEN, with the port', patience, async () => {
  const { web } = await up()
  await command('down')
  const port = Number(new URL(web).port)
  const stranger = await listen(port)
  try {
    const end = await command('up')
    expect(end.problem, end.out.slice(-2000)).toMatchObject({ code: 'PORT_TAKEN', message: expect.stringContaining(String(port)) as string })
    expect(end.code).toBe(40)
  } finally {
    stranger.close()
  }
})

test('a shared port that is taken is told as PORT_TAKEN at the first start, and nothing is left running', patience, async () => {
  const stranger = await listen(plimsoll.edgePort)
  try {
    const end = await command('up')
    expect(end.problem, end.out.slice(-2000)).toMatchObject({ code: 'PORT_TAKEN', message: expect.stringContaining(String(plimsoll.edgePort)) as string })
    expect(end.code).toBe(40)
    expect((await leftBehind(plimsoll.home)).map((one) => one.command)).toEqual([])
  } finally {
    stranger.close()
  }
})
