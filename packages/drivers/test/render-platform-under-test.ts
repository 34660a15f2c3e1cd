import { createRenderApi, createRenderPlatform, type RenderPlatformParts } from '@plimsoll/drivers/render'
import type { PlatformUnderTest } from '@plimsoll/engine/contract'
import { manualClock, type ManualClock } from '@plimsoll/engine/fakes'
import { appNameSchema, serviceNameSchema, type Blueprint, type EnvEntry } from '@plimsoll/model'
import { expect } from 'vitest'
import { createOpenApiOracle, startFakeRender, type FakeRender } from './fake-render/fake-render.ts'

const at = { line: 1, column: 1 }
const app = appNameSchema.parse('shop')
const web = serviceNameSchema.parse('web')
const api = serviceNameSchema.parse('api')
const never = new AbortController().signal

/** Longer than a deploy of the fake takes, and shorter than the instances of the one before are left running after it: for so long both are called live. */
const untilLiveMs = 100_000

/** `web` is told the host of `api`, and a colour: the text of a Blueprint here is the colour. */
function shop(colour: string): Blueprint {
  const service = (name: typeof web, env: EnvEntry[]): Blueprint['services'][number] => ({ name, kind: 'web', runtime: 'node', at, env, buildEnv: [], domains: [], buildCommand: 'npm run build', startCommand: `node ${name}.js` })
  return {
    file: 'render.yaml', databases: [], groups: [], environments: [],
    services: [service(web, [{ is: 'fromService', key: 'API', service: api, property: 'host', at }, { is: 'value', key: 'COLOUR', value: colour, at }]), service(api, [])],
  }
}

const resolve: RenderPlatformParts['resolve'] = ({ services }, surroundings) => ({
  missing: [],
  environments: Object.fromEntries(services.map(({ name, env }) => [name, Object.fromEntries(env.flatMap((entry) => {
    const value = entry.is === 'value' ? entry.value : entry.is === 'fromService' ? surroundings.services[entry.service]?.host : undefined
    return value === undefined || entry.is === 'fromGroup' ? [] : [[entry.key, { value, origin: entry.is, secret: false }]]
  }))])),
})

export interface RenderUnderTest extends PlatformUnderTest {
  readonly fake: FakeRender
  readonly clock: ManualClock
}

/** A workspace of the fake Render with a clock of its own, which jumps to whatever is waited for. */
export async function renderUnderTest(options: Partial<Parameters<typeof startFakeRender>[0]> = {}): Promise<RenderUnderTest> {
  const clock = manualClock({ auto: true })
  const oracle = createOpenApiOracle()
  const fake = await startFakeRender({ clock, onExchange: (exchange) => oracle.look(exchange), ...options })
  const another = (): ReturnType<typeof createRenderPlatform> => createRenderPlatform({
    api: createRenderApi({ base: fake.base, key: fake.key, fetch, clock, random: () => 0.5 }), clock, workspace: undefined,
    understand: shop, resolve, keptFor: async () => ({}), repoOf: async () => 'https://github.com/ada/shop',
  })
  return {
    fake, clock, platform: another(), another, app, web, api,
    wanted: (colour) => ({ app, source: { root: '/repo', blueprint: 'render.yaml', commit: '1'.repeat(40), dirty: false }, blueprint: colour, specs: [] }),
    source: (which) => ({ commit: String(which).repeat(40) }),
    fate: (service, fate) => fake.fate(service, fate),
    async deployByHand(service) {
      fake.push(service, '9'.repeat(40))
      await clock.sleep(untilLiveMs, never)
      fake.service(service)
    },
    variables: async (service) => Object.fromEntries(fake.service(service).variables),
    setByHand: async (service, key, value) => void fake.service(service).variables.set(key, value),
    async print(service, message) {
      // Each at a time of its own, as is what a service prints.
      await clock.advance(1)
      fake.print(service, message)
    },
    async dispose() {
      await fake.close()
      expect(oracle.faults).toEqual([])
    },
  }
}
