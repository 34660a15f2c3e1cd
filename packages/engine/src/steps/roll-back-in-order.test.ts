import { expect, test } from 'vitest'
import type { FakePlatformOptions } from '../fakes/fake-platform.ts'
import { inPlaceWorld } from '../fakes/in-place-world.ts'
import { chooseDeploys } from './choose-deploys.ts'
import { noteLive } from './note-live.ts'
import { rollBackInOrder } from './roll-back-in-order.ts'

const first = { commit: 'a'.repeat(40) }
const second = { commit: 'b'.repeat(40) }

/** Two releases have been put live, and all that comes before the rollbacks to the first has been done. */
async function begun(options: FakePlatformOptions & { readonly commit?: string } = {}) {
  const world = inPlaceWorld(options)
  await world.release(1)
  world.world.commit = options.commit ?? second.commit
  world.world.variables = { web: { API: '@api', COLOUR: 'blue' }, api: { LIMIT: '2' } }
  await world.release(2)
  const context = world.backContext(3, 1)
  const chosen = await chooseDeploys.run(context, {})
  const state = { ...chosen, ...(await noteLive.run(context, chosen)) }
  const live = () => Object.fromEntries(Object.entries(world.stand()).map(([name, each]) => [name, each.live]))
  return { ...world, context, state, live, rollbacks: (service: string) => world.deploys(service).filter((each) => each.startsWith('rollback')) }
}

test('run twice it rolls back once', async () => {
  const { context, state, live, rollbacks } = await begun()
  for (const _ of [1, 2]) await rollBackInOrder.run(context, state)
  expect([live(), rollbacks('web'), rollbacks('api')]).toEqual([{ web: first, api: first }, ['rollback live'], ['rollback live']])
})

test('a rollback that was ordered by a run that died before it heard so is followed, and not ordered again', async () => {
  const { context, state, platform, rollbacks } = await begun()
  platform.failNext('rollBack', new Error('power cut'), 'after')
  await expect(rollBackInOrder.run(context, state)).rejects.toThrow('power cut')
  await rollBackInOrder.run(context, state)
  expect(rollbacks('web')).toEqual(['rollback live'])
})

test('its undo goes forward to what was live, and does so once', async () => {
  const { context, state, live, rollbacks } = await begun()
  await rollBackInOrder.run(context, state)
  for (const _ of [1, 2]) {
    await rollBackInOrder.undo?.(context, state)
    expect([live(), rollbacks('web'), rollbacks('api')]).toEqual([{ web: second, api: second }, ['rollback live', 'rollback replaced'], ['rollback live', 'rollback replaced']])
  }
})

test('after half a run its undo gives up what goes on, and leaves a service alone that was not reached', async () => {
  const { context, state, platform, stand, rollbacks } = await begun()
  platform.failNext('follow', new Error('power cut'), 'before')
  await expect(rollBackInOrder.run(context, state)).rejects.toThrow('power cut')
  await rollBackInOrder.undo?.(context, state)
  expect(stand()).toEqual({ web: { live: second, autoDeploy: false }, api: { live: second, autoDeploy: true } })
  expect([rollbacks('web'), rollbacks('api')]).toEqual([['rollback canceled'], []])
})

test('where both releases run the same commit its undo goes forward all the same', async () => {
  const { context, state, platform, rollbacks } = await begun({ commit: first.commit })
  await rollBackInOrder.run(context, state)
  await rollBackInOrder.undo?.(context, state)
  expect(rollbacks('web')).toEqual(['rollback live', 'rollback replaced'])
  expect((await platform.stands(context.app, state.specs.map(({ service }) => service), context.signal))['web']?.live?.source).toEqual(first)
})
