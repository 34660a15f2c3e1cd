import { expect, test } from 'vitest'
import { blueGreen } from './blue-green.ts'
import { releaseWorld } from './fakes/release-world.ts'

/** A shop whose services reach each other, each answering well from its given question on; with what happened, in order. */
function shopWhere(reaches: Readonly<Record<string, string>>, wellFrom: Readonly<Record<string, number>> = {}) {
  const happened: string[] = []
  const shop = releaseWorld({
    behaviour: ({ unit }) => (happened.push(`${unit.service} starts`), {}),
    probe: {
      tcp: async () => ({ is: 'healthy' }),
      http: async ({ address }) => {
        const service = Object.entries(shop.world.wired).find(([, { port }]) => port === address.port)?.[0] ?? 'nobody'
        happened.push(`${service} is asked`)
        const times = happened.filter((each) => each === `${service} is asked`).length
        return times >= (wellFrom[service] ?? 1) ? { is: 'healthy', status: 200 } : { is: 'unhealthy', status: 503, body: '' }
      },
    },
  })
  const { world } = shop
  world.specs = world.specs.map((spec) => ({ ...spec, reaches: world.specs.map(({ service }) => service).filter((service) => reaches[spec.service] === service) }))
  return { ...shop, happened }
}

test('a unit is started when the one that it reaches has answered', async () => {
  const { release, happened } = shopWhere({ web: 'api' }, { api: 4 })
  expect(await release(1, blueGreen.steps)).toEqual({ is: 'completed' })
  expect(happened.slice(0, 6)).toEqual(['api starts', 'api is asked', 'api is asked', 'api is asked', 'api is asked', 'web starts'])
})

test('units that reach each other are started together', async () => {
  const { release, happened } = shopWhere({ web: 'api', api: 'web' })
  expect(await release(1, blueGreen.steps)).toEqual({ is: 'completed' })
  expect(happened.slice(0, 2)).toEqual(['web starts', 'api starts'])
})

test('what reaches a unit that is never healthy is not started', async () => {
  const { release, happened, units } = shopWhere({ web: 'api' }, { api: Infinity })
  expect(await release(1, blueGreen.steps)).toMatchObject({ is: 'undone', problem: { code: 'CANDIDATE_UNHEALTHY', details: { service: 'api' } } })
  expect(happened).not.toContain('web starts')
  expect(await units()).toEqual([])
})

test('nobody waits for a candidate any more once it is undone', async () => {
  const { release, clock } = releaseWorld({
    behaviour: ({ unit }) => (unit.service === 'api' ? { exits: { code: 1 } } : {}),
    probe: { http: async () => ({ is: 'unhealthy', status: 503, body: '' }), tcp: async () => ({ is: 'healthy' }) },
  })
  expect(await release(1, blueGreen.steps)).toMatchObject({ is: 'undone', problem: { code: 'CANDIDATE_EXITED' } })
  expect(clock.sleepers).toBe(0)
})
