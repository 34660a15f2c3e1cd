import { expect, test } from 'vitest'
import { inPlaceWorld } from '../fakes/in-place-world.ts'
import type { Planned } from './plan.ts'
import { settle } from './settle.ts'
import { survey } from './survey.ts'

/** What the steps before it give, with what is there surveyed now. */
async function begun({ context, specs, world }: ReturnType<typeof inPlaceWorld>) {
  const planned: Planned = { blueprint: JSON.stringify(world.variables), specs, wanted: { databases: [], keyValues: [] }, entries: {} }
  return { ...planned, ...(await survey.run(context(1), planned)) }
}

test('makes what is missing and then what refers to it, and names every service that has to be deployed for it', async () => {
  const world = inPlaceWorld()
  const state = await begun(world)
  const { touched } = await settle.run(world.context(1), state)
  expect(new Set(touched)).toEqual(new Set(['web', 'api']))
  expect(world.platform.workspace.services.get('web')?.variables.get('API')).toBe('host of api')
})

test('run twice it changes nothing more, and still names what a run before it has changed', async () => {
  const world = inPlaceWorld()
  const state = await begun(world)
  const first = await settle.run(world.context(1), state)
  const before = structuredClone(world.platform.workspace)
  expect(await settle.run(world.context(1), state)).toEqual(first)
  expect(world.platform.workspace).toEqual(before)
})

test('a run that died after its first change is completed by the next', async () => {
  const world = inPlaceWorld()
  const state = await begun(world)
  world.platform.failNext('apply', new Error('power cut'), 'after')
  await expect(settle.run(world.context(1), state)).rejects.toThrow('power cut')
  const { touched } = await settle.run(world.context(1), state)
  expect(new Set(touched)).toEqual(new Set(['web', 'api']))
  expect((await begun(world)).changes).toEqual([])
})

test('the mark of a service is its newest deploy, whatever became of it; null where there is none', async () => {
  const world = inPlaceWorld()
  await settle.run(world.context(1), await begun(world))
  world.platform.deployByHand('api', { commit: 'c' })
  expect((await settle.run(world.context(1), await begun(world))).marks).toEqual({ web: null, api: 'dep-1' })
})

test('its undo puts nothing back, says what stays, and lets no push deploy half of it, once', async () => {
  const world = inPlaceWorld()
  const state = await begun(world)
  await settle.run(world.context(1), state)
  const variables = structuredClone(world.platform.workspace.services.get('web')?.variables)
  for (const times of [1, 2]) {
    await settle.undo?.(world.context(1), state)
    expect(world.platform.workspace.services.get('web')).toMatchObject({ variables, autoDeploy: false })
    expect(world.said().filter((line) => line === 'web: Its auto-deploy is off now, so that no push deploys half of a release')).toHaveLength(1)
    expect(world.said().filter((line) => line === 'plimsoll: Stays as this release left it: it creates the service web')).toHaveLength(times)
  }
})

test('after half a run its undo speaks of that half alone', async () => {
  const world = inPlaceWorld()
  const state = await begun(world)
  world.platform.failNext('apply', new Error('power cut'), 'after')
  await expect(settle.run(world.context(1), state)).rejects.toThrow('power cut')
  await settle.undo?.(world.context(1), state)
  expect(world.said().filter((line) => line.includes('Stays as'))).toEqual(['plimsoll: Stays as this release left it: it creates the service web'])
})

test('a setting that was taken and is not shown there is said, and keeps no release from going on', async () => {
  const world = inPlaceWorld()
  const state = await begun(world)
  await settle.run(world.context(1), state)
  const { platform } = world
  const silent = { ...platform, apply: async () => undefined, survey: async () => ({ left: [], environments: {}, changes: [{ change: { is: 'update' as const, what: 'service' as const, name: 'web', fields: ['maxShutdownDelaySeconds'], services: ['web'] }, making: {} }] }) }
  expect((await settle.run({ ...world.context(1), platform: silent }, state)).touched).toContain('web')
  expect(world.said().at(-1)).toBe('plimsoll: It changes the service web (maxShutdownDelaySeconds): that was taken, and is not shown as set there')
})

test('what somebody else changes again and again is told, and not fought over for ever', async () => {
  const world = inPlaceWorld()
  const state = await begun(world)
  await settle.run(world.context(1), state)
  const { platform } = world
  const contested = { ...platform, survey: async () => ({ left: [], environments: {}, changes: [{ change: { is: 'update' as const, what: 'variable' as const, name: 'web', fields: ['COLOUR'], services: ['web'] }, making: {} }] }) }
  await expect(settle.run({ ...world.context(1), platform: contested }, state)).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE', message: expect.stringContaining('changes COLOUR of web') })
})

test('what is noted of the release is what its services find once every reference leads somewhere', async () => {
  const world = inPlaceWorld()
  const state = await begun(world)
  await settle.run(world.context(1), state)
  expect(world.noted.get(1)).toMatchObject({ web: { COLOUR: { value: 'red' } }, api: { LIMIT: { value: '1' } } })
})
