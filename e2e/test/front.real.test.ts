import { caddyFile } from '@plimsoll/cli'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startCaddy, whyNoCaddy } from '../src/front/start-caddy.ts'
import { renderJudgement } from '../src/judge/render-judgement.ts'
import { shopTarget } from '../src/shop/shop-target.ts'
import { createEdgeStage, freePort, switchOn } from './edge-stage.ts'
import { createShopWorld, type ShopWorld } from './shop-world.ts'
import { switchUnderLoad } from './switch-under-load.ts'

const full = process.env['PLIMSOLL_E2E'] === 'full'
const switches = full ? 20 : 3
const ratePerSecond = full ? 200 : 60
const skipped = whyNoCaddy()

let world: ShopWorld
beforeEach(async () => {
  world = await createShopWorld()
})
afterEach(async () => {
  expect(await world.leave()).toEqual([])
})

describe.skipIf(skipped !== undefined)(`a TLS front${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  test(`that is never reloaded loses, blends and duplicates nothing in ${switches} switches behind it`, { timeout: 300_000 }, async () => {
    const [sharedPort, tlsPort] = [await freePort(), await freePort()]
    const hosts = { web: 'web.shop.localhost', api: 'api.shop.localhost' }
    const stage = await createEdgeStage(world, { sharedPort, hosts })
    const sites = Object.entries(hosts).map(([service, host]) => ({ app: 'shop', service, domains: [`${host}:${tlsPort}`], edge: `127.0.0.1:${sharedPort}` }))
    const caddy = await startCaddy({ home: world.home, port: tlsPort, sites: caddyFile({ sites, internalTls: true }) })
    try {
      await stage.raise(1)
      await stage.moveTo(1)
      const at = (host: string): URL => new URL(`https://${host}:${tlsPort}`)
      const target = { ...shopTarget(stage.webPort, stage.apiPort), web: at(hosts.web), api: at(hosts.api), ca: caddy.ca }
      const judgement = await switchUnderLoad({
        load: { target, ratePerSecond, seed: 12 },
        first: 1,
        switches,
        calmMs: 1500,
        switchOver: switchOn(stage),
      })
      expect(judgement.held, renderJudgement(judgement)).toBe(true)
      expect((await stage.retired()).every(({ cutRequests, cutStreams }) => cutRequests === 0 && cutStreams === 0)).toBe(true)
    } finally {
      await caddy.stop()
      await stage.close()
    }
  })
})
