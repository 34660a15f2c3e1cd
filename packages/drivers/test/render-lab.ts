import { manualClock, type ManualClock } from '@plimsoll/engine/fakes'
import { afterEach, expect } from 'vitest'
import { createRenderApi, type RenderApi, type RenderApiOptions } from '../src/render/render.ts'
import { createOpenApiOracle, startFakeRender, type FakeRender, type FakeRenderOptions, type OpenApiOracle } from './fake-render/fake-render.ts'

export interface RenderLab {
  readonly fake: FakeRender
  readonly api: RenderApi
  readonly clock: ManualClock
  readonly oracle: OpenApiOracle
  /** Another client of the same fake. */
  client(options: Partial<RenderApiOptions>): RenderApi
}

const open = new Set<RenderLab>()

/** What was said in a test must agree with Render's own document; each fake ends with its test. */
afterEach(async () => {
  const labs = [...open]
  open.clear()
  for (const { fake } of labs) await fake.close()
  expect(labs.flatMap(({ oracle }) => oracle.faults)).toEqual([])
})

/** A fake Render and a client of it, on one clock that jumps whenever somebody waits. */
export async function renderLab(options: Partial<FakeRenderOptions> = {}): Promise<RenderLab> {
  const clock = manualClock({ auto: true })
  const oracle = createOpenApiOracle()
  const fake = await startFakeRender({ clock, limits: { newServices: 1000, changes: 1000 }, ...options, onExchange: (exchange) => oracle.look(exchange) })
  const client: RenderLab['client'] = (more) => createRenderApi({ base: fake.base, key: fake.key, fetch, clock, random: seededRandom(1), ...more })
  const lab = { fake, clock, oracle, client, api: client({}) }
  open.add(lab)
  return lab
}

/** The same numbers every time (a multiplicative congruential generator). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

export const never = new AbortController().signal

/** What POST /services takes for a web service that is built from its repository. */
export function webService({ fake }: RenderLab, name = 'web') {
  return {
    type: 'web_service', name, ownerId: fake.ownerId, repo: 'https://github.com/acme/shop', branch: 'main',
    serviceDetails: { runtime: 'node', plan: 'starter', region: 'frankfurt', healthCheckPath: '/healthz', envSpecificDetails: { buildCommand: 'pnpm build', startCommand: 'node server.js' } },
  } as const
}

export function cronJob({ fake }: RenderLab) {
  return { type: 'cron_job', name: 'nightly', ownerId: fake.ownerId, repo: 'https://github.com/acme/shop', serviceDetails: { runtime: 'node', schedule: '0 3 * * *', envSpecificDetails: { buildCommand: 'b', startCommand: 's' } } } as const
}

/** A service that is live, and its id. */
export async function liveService(lab: RenderLab, name = 'web'): Promise<string> {
  const { service } = await lab.api.services.create(webService(lab, name), never)
  const { created, build, update } = lab.fake.world.paces
  await lab.clock.advance(created + build + update)
  expect(lab.fake.service(name).deploys.map(({ status }) => status)).toEqual(['live'])
  return service.id
}

/** The statuses a deploy goes through, each once, until it is over. */
export async function deployEnds({ api, clock, fake }: RenderLab, place: { readonly serviceId: string; readonly deployId: string }): Promise<readonly string[]> {
  const seen: string[] = []
  for (;;) {
    const { status } = (await api.deploys.get(place, never)) ?? { status: 'gone' }
    if (seen.at(-1) !== status) seen.push(status)
    if (['live', 'deactivated', 'canceled', 'gone'].includes(status) || status.endsWith('_failed')) return seen
    const { due = Infinity } = fake.world.services.flatMap(({ deploys }) => deploys).find(({ id }) => id === place.deployId) ?? {}
    await clock.sleep(due === Infinity ? 1_000 : due - clock.now(), never)
  }
}
