import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { releaseNumberSchema, type Traffic, trafficSchema } from '@plimsoll/model'
import type { EdgeFleet } from '../src/fleet/create-edge-fleet.ts'
import { freePort, shopTraffic, signal } from './edge-world.ts'
import { type FleetWorld, fleetWorld } from './fleet-world.ts'

let world: FleetWorld
let fleet: EdgeFleet
let entry: number
let files: string

beforeEach(async () => {
  world = await fleetWorld(['one', 'two'])
  fleet = await world.fleet()
  entry = await freePort()
  files = await mkdtemp(join(tmpdir(), 'plimsoll-files-'))
})
afterEach(async () => {
  await world.close()
  await rm(files, { recursive: true })
})

const ask = async (host: string, path: string): Promise<string> => {
  const answer = await fetch(`http://${host}:${entry}${path}`, { headers: { connection: 'close' } })
  return answer.ok ? await answer.text() : String(answer.status)
}
const everywhere = async (path: string): Promise<string[]> => Promise.all(world.members.map(async ({ host }) => ask(host, path)))
const follows = async (name: string): Promise<void> => {
  while (fleet.standingOf().find((each) => each.name === name)?.is !== 'current') await new Promise((resolve) => setImmediate(resolve))
}
const site = async (release: number, text: string): Promise<Traffic> => {
  const root = join(files, String(release))
  await mkdir(join(root, 'deep'), { recursive: true })
  await Promise.all(['index.html', 'deep/page.html'].map(async (path) => writeFile(join(root, path), `${text} ${path}`)))
  const web = { kind: 'files', unit: `shop-web-r${release}`, root, site: { publishPath: '.', routes: [], headers: [] } }
  const traffic = shopTraffic({ release, entry, upstreams: [9] })
  return trafficSchema.parse({ ...traffic, live: { ...traffic.live, targets: { web } } })
}

test('a static site is served by edges that do not have its directory, each release its own, also by one that comes later', async () => {
  await world.stop('two')
  await fleet.shift(await site(1, 'first'), signal)
  await rm(join(files, '1'), { recursive: true })
  await world.start('two')
  await follows('two')
  expect(await everywhere('/')).toEqual(['first index.html', 'first index.html'])
  expect(await everywhere('/deep/page.html')).toEqual(['first deep/page.html', 'first deep/page.html'])
  await fleet.shift(await site(2, 'second'), signal)
  expect(await everywhere('/')).toEqual(['second index.html', 'second index.html'])
  for (const name of ['one', 'two']) expect(await readdir(join(world.home, name, 'edge', 'sites'))).toEqual(['shop-web-r2'])
})

test('what was published is on every edge, also on one that was not there, before that serves', async () => {
  await world.stop('two')
  await writeFile(join(files, 'main-1234.js'), 'old()')
  await fleet.publish({ app: shopTraffic({ release: 1, entry, upstreams: [9] }).app, release: releaseNumberSchema.parse(1), service: 'web', directory: files, urlPrefix: '/_next/static/' }, signal)
  await fleet.shift(shopTraffic({ release: 2, entry, upstreams: [9] }), signal)
  await world.start('two')
  await follows('two')
  expect(await everywhere('/_next/static/main-1234.js')).toEqual(['old()', 'old()'])
})

test('with an app its files go from every edge', async () => {
  await fleet.shift(await site(1, 'first'), signal)
  await fleet.remove((await site(1, 'first')).app, 1, signal)
  for (const name of ['one', 'two']) expect(await readdir(join(world.home, name, 'edge', 'sites'))).toEqual([])
})
