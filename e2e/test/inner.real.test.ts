import { contract } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFixtureRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

/** The page of `web` says which instance of `api` its data came from. */
const blueprint = `services:
  - type: web
    name: web
    runtime: node
    buildCommand: node --check shop-server.mjs
    startCommand: SHOP_API_ORIGIN=http://$API node shop-server.mjs
    healthCheckPath: /healthz
    envVars:
      - key: API
        fromService: { type: pserv, name: api, property: hostport }
  - type: pserv
    name: api
    runtime: node
    numInstances: 2
    buildCommand: node --check shop-server.mjs
    startCommand: node shop-server.mjs
`

let plimsoll: PlimsollHome
let repo: FixtureRepo
beforeEach(async () => {
  plimsoll = await createPlimsollHome()
  repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint })
})
afterEach(async () => {
  expect(await plimsoll.leave()).toEqual([])
})

test('a service reaches every instance of another one of its own release, and of no other', { timeout: 120_000 }, async () => {
  await command('up')
  expect(await apisSeen()).toEqual([expect.stringMatching(/^shop-api-r1-0-/), expect.stringMatching(/^shop-api-r1-1-/)])
  await repo.change('B')
  await command('release')
  expect(await apisSeen()).toEqual([expect.stringMatching(/^shop-api-r2-0-/), expect.stringMatching(/^shop-api-r2-1-/)])
})

async function command(...args: readonly string[]): Promise<void> {
  const end = await plimsoll.run([...args, '--json'], { cwd: repo.directory })
  expect(end.code, `${end.out.slice(-3000)}${end.err}`).toBe(0)
}

/** Which instances of `api` pages come from that are asked for at the same time: a connection stays with its instance. */
async function apisSeen(): Promise<string[]> {
  const { services } = await (await plimsoll.client()).call(contract.showApp, { params: { app: 'shop' } })
  const url = services.find(({ service }) => service === 'web')?.url ?? ''
  const pages = await Promise.all(Array.from({ length: 12 }, async () => (await fetch(url)).text()))
  return [...new Set(pages.map((page) => /data-api-served-by="([^"]*)"/.exec(page)?.[1] ?? 'nobody'))].toSorted()
}
