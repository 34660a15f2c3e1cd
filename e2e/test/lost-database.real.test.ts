import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contract, type AppView } from '@plimsoll/model'
import { leftBehind } from '../src/leaks/left-behind.ts'
import { createFixtureRepo, shopBlueprint, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { startTrickle } from '../src/plimsoll/trickle.ts'

const patience = { timeout: 120_000 }
const withPreDeploy = (command: string): string => shopBlueprint({}).replace('    healthCheckPath', `    preDeployCommand: ${command}\n    healthCheckPath`)

let plimsoll: PlimsollHome
let shop: FixtureRepo
beforeAll(async () => {
  plimsoll = await createPlimsollHome()
  shop = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: shopBlueprint({}) })
  const end = await plimsoll.run(['up', '--json'], { cwd: shop.directory })
  expect(end.code, end.out.slice(-2000) + end.err).toBe(0)
}, 120_000)
afterAll(async () => {
  expect(await plimsoll.leave()).toEqual([])
}, 60_000)

/** The database server of this home: its process id and its port. */
async function database(): Promise<{ readonly pid: number; readonly port: number }> {
  const lines = (await readFile(join(plimsoll.home, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')
  return { pid: Number(lines[0]), port: Number(lines[3]) }
}

async function killDatabase(): Promise<void> {
  process.kill((await database()).pid, 'SIGKILL')
}

async function view(): Promise<AppView> {
  return (await plimsoll.client()).call(contract.showApp, { params: { app: 'shop' } })
}

async function serving(): Promise<string | null> {
  const answer = await fetch(`${(await view()).services[0]?.url}/v1/products`)
  await answer.arrayBuffer()
  return answer.headers.get('x-served-by')
}

/** A release whose database is killed when this has been printed; before it begins, where nothing is named. */
const moments: readonly { readonly title: string; readonly blueprint: string; readonly when?: RegExp }[] = [
  { title: 'before a release', blueprint: shopBlueprint({}) },
  { title: 'while it builds', blueprint: shopBlueprint({ build: 'sleep 2' }), when: /"is":"started","step":"build"/ },
  { title: 'while it migrates', blueprint: withPreDeploy('sleep 2'), when: /"is":"started","step":"migrate"/ },
  { title: 'right before the switch', blueprint: shopBlueprint({}), when: /"is":"started","step":"verify"/ },
  { title: 'right after the switch', blueprint: shopBlueprint({}), when: /"is":"done","step":"shift-traffic"/ },
]

test.each(moments)('a database that is killed $title is started again, and the release goes on to its end', patience, async ({ title, blueprint, when }) => {
  const before = await view()
  const trickle = startTrickle(`${before.services[0]?.url}/v1/products`)
  await shop.write('render.yaml', blueprint)
  await shop.change(title)
  if (when === undefined) await killDatabase()
  const release = plimsoll.start(['release', '--json'], { cwd: shop.directory })
  if (when !== undefined) {
    await release.printed(when)
    await killDatabase()
  }
  const end = await release.ended
  expect(end.problem, end.out.slice(-2000) + end.err).toBeUndefined()
  expect([end.code, end.release?.state]).toEqual([0, 'live'])
  expect(await trickle.stop()).toMatchObject({ faults: [] })
  const now = await view()
  expect(now).toMatchObject({ live: { number: end.release?.number }, previous: [before.live?.number], underWay: null })
  expect(await serving()).toContain(`shop-web-r${end.release?.number}-`)
  // The live release and the warm one before it.
  expect((await leftBehind(plimsoll.home, 'shop-web-r')).map(({ command }) => command)).toHaveLength(2)
})

test('a database that cannot be started again is told with the reason, what is live serves on, and the release goes on when it can', patience, async () => {
  const { live, services } = await view()
  const trickle = startTrickle(`${services[0]?.url}/v1/products`)
  await shop.write('render.yaml', shopBlueprint({ build: 'sleep 2' }))
  await shop.change('in the way of a stranger')
  const release = plimsoll.start(['release', '--json'], { cwd: shop.directory })
  await release.printed(/"is":"started","step":"build"/)
  const { port } = await database()
  await killDatabase()
  const stranger = await firstOn(port)
  const end = await release.ended
  stranger.close()
  expect(end.problem, end.out.slice(-2000) + end.err).toMatchObject({ code: 'PORT_TAKEN', message: expect.stringMatching(new RegExp(`stands still: Port ${port} .* database`)) as string })
  expect(end.code).toBe(40)
  const again = await plimsoll.run(['up', '--json'], { cwd: shop.directory })
  expect(again.code, again.out.slice(-2000) + again.err).toBe(0)
  expect((await view()).live?.number).toBe((live?.number ?? 0) + 1)
  expect(await trickle.stop()).toMatchObject({ faults: [] })
})

test('`down` right after the database was killed leaves nothing running', patience, async () => {
  await killDatabase()
  const end = await plimsoll.run(['down', '--json'], { cwd: shop.directory })
  expect(end.code, end.err).toBe(0)
  expect((await leftBehind(plimsoll.home)).map(({ command }) => command)).toEqual([])
})

/** Takes the port as soon as it is free, which is before the supervisor has noticed. */
async function firstOn(port: number): Promise<Server> {
  for (;;) {
    const server = createServer()
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening')
      return server
    } catch {
      server.close() // The old server holds it until its last process has gone.
    }
  }
}
