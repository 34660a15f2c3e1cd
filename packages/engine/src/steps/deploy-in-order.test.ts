import { expect, test } from 'vitest'
import type { FakePlatformOptions } from '../fakes/fake-platform.ts'
import { inPlaceWorld } from '../fakes/in-place-world.ts'
import { deployInOrder } from './deploy-in-order.ts'
import { noteDeploys } from './note-deploys.ts'
import type { Planned } from './plan.ts'
import { settle } from './settle.ts'
import { survey } from './survey.ts'

const first = { commit: 'a'.repeat(40) }
const second = { commit: 'b'.repeat(40) }

/** One release is live, and all that comes before the deploys of the next one has been done. */
async function begun(options: FakePlatformOptions = {}) {
  const world = inPlaceWorld(options)
  await world.release(1)
  world.world.commit = second.commit
  const context = world.context(2)
  const planned: Planned = { blueprint: JSON.stringify(world.world.variables), specs: world.specs, wanted: { databases: [], keyValues: [] }, entries: {} }
  const surveyed = { ...planned, ...(await survey.run(context, planned)) }
  const noted = { ...surveyed, ...(await noteDeploys.run(context, surveyed)) }
  const state = { ...noted, ...(await settle.run(context, noted)) }
  return { ...world, context, state, live: () => Object.fromEntries(Object.entries(world.stand()).map(([name, { live }]) => [name, live])) }
}

test('puts every service live at the commit, those that are reached first', async () => {
  const { context, state, live, said } = await begun()
  await deployInOrder.run(context, state)
  expect(live()).toEqual({ web: second, api: second })
  expect(said().filter((line) => line.includes('Deploys bbbbbbb')).map((line) => line.split(':')[0])).toEqual(['api', 'web'])
})

test('run twice it deploys once', async () => {
  const { context, state, deploys } = await begun()
  await deployInOrder.run(context, state)
  await deployInOrder.run(context, state)
  expect([deploys('web').length, deploys('api').length]).toEqual([2, 2])
})

test('a deploy that was ordered by a run that died before it heard so is followed, and not ordered again', async () => {
  const { context, state, platform, deploys, live } = await begun()
  platform.failNext('begin', new Error('power cut'), 'after')
  await expect(deployInOrder.run(context, state)).rejects.toThrow('power cut')
  await deployInOrder.run(context, state)
  expect([live(), deploys('api')]).toEqual([{ web: second, api: second }, ['asked live', 'asked replaced']])
})

test('one that ran the same commit before the mark is not taken for the release’s own', async () => {
  const world = await begun()
  const { context, state, deploys } = world
  await deployInOrder.run(context, state)
  await deployInOrder.run(context, { ...state, marks: { ...state.marks, api: (await world.platform.stands(context.app, ['api' as never], context.signal))['api']?.newest ?? null } })
  expect(deploys('api')).toHaveLength(3)
})

test('what somebody else has asked for meanwhile is not taken for the release’s own, and is not taken back', async () => {
  const { context, state, platform, live, deploys } = await begun()
  const api = state.specs.find(({ service }) => service === 'api')
  if (api === undefined) throw new Error('there is no api')
  const theirs = { commit: 'c'.repeat(40) }
  const ask = async (): Promise<void> => {
    const id = await platform.begin({ app: context.app, service: api.service, source: theirs }, context.signal)
    await platform.follow({ app: context.app, service: api.service, id, tell: () => undefined }, context.signal)
  }
  await ask()
  await deployInOrder.run(context, state)
  expect([live(), deploys('api').length]).toEqual([{ web: second, api: second }, 3])
  await ask()
  await deployInOrder.undo?.(context, state)
  expect(live()).toEqual({ web: first, api: theirs })
})

test('its undo goes back to what was live, switches auto-deploy off, and does so once', async () => {
  const { context, state, stand, deploys, said } = await begun()
  await deployInOrder.run(context, state)
  for (const _ of [1, 2]) {
    await deployInOrder.undo?.(context, state)
    expect(stand()).toEqual({ web: { live: first, autoDeploy: false }, api: { live: first, autoDeploy: false } })
    expect([deploys('web'), deploys('api')]).toEqual([['rollback live', 'asked replaced', 'asked replaced'], ['rollback live', 'asked replaced', 'asked replaced']])
  }
  expect(said().filter((line) => line.includes('Another deploy'))).toEqual([])
})

test('after half a run its undo gives up what goes on, and leaves a service alone that was not reached', async () => {
  const { context, state, platform, stand, deploys } = await begun()
  platform.failNext('follow', new Error('power cut'), 'before')
  await expect(deployInOrder.run(context, state)).rejects.toThrow('power cut')
  await deployInOrder.undo?.(context, state)
  expect(stand()).toEqual({ web: { live: first, autoDeploy: true }, api: { live: first, autoDeploy: false } })
  expect([deploys('web'), deploys('api')]).toEqual([['asked live'], ['asked canceled', 'asked live']])
})

test('a rollback that an undo had begun when it died is followed, and not begun again', async () => {
  const { context, state, platform, live, deploys } = await begun()
  await deployInOrder.run(context, state)
  platform.failNext('rollBack', new Error('power cut'), 'after')
  await expect(deployInOrder.undo?.(context, state)).rejects.toThrow('power cut')
  await deployInOrder.undo?.(context, state)
  expect([live(), deploys('web').filter((each) => each.startsWith('rollback'))]).toEqual([{ web: first, api: first }, ['rollback live']])
})

test('a deploy of another commit than was asked for is no success', async () => {
  const { context, state, platform } = await begun()
  const wilful = { ...platform, deploysAfter: async (...asked: Parameters<typeof platform.deploysAfter>) => (await platform.deploysAfter(...asked)).map((deploy) => ({ ...deploy, source: { commit: 'c'.repeat(40) } })) }
  await expect(deployInOrder.run({ ...context, platform: wilful }, state)).rejects.toMatchObject({ code: 'PLACE_CANNOT', message: expect.stringContaining('is live with ccccccc and not with bbbbbbb') })
})
