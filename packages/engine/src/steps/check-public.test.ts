import { expect, test } from 'vitest'
import { inPlaceWorld } from '../fakes/in-place-world.ts'
import { checkPublic } from './check-public.ts'

async function released() {
  const world = inPlaceWorld()
  await world.release(1)
  const state = { blueprint: '', specs: world.specs, wanted: { databases: [], keyValues: [] }, entries: {} }
  return { ...world, ask: () => checkPublic.run(world.context(1), state) }
}

test('asks every service that people reach, and gives what was found', async () => {
  const { ask } = await released()
  expect((await ask()).verdicts.map(({ finding }) => finding)).toEqual(['https://web.test was asked', 'https://api.test was asked'])
})

test('one that fails is told with all that was found, and asked again it may pass', async () => {
  const { ask, world } = await released()
  world.verdict = ({ spec }) => (spec.service === 'api' ? 'fail' : 'pass')
  await expect(ask()).rejects.toMatchObject({ code: 'CHECKS_FAILED', message: expect.stringContaining('1 of 2 checks failed'), details: { verdicts: [{ is: 'pass' }, { is: 'fail' }] } })
  world.verdict = () => 'pass'
  await expect(ask()).resolves.toMatchObject({ verdicts: [{ is: 'pass' }, { is: 'pass' }] })
})

test('what could not be found out fails nothing', async () => {
  const { ask, world } = await released()
  world.verdict = () => 'inconclusive'
  await expect(ask()).resolves.toMatchObject({ verdicts: [{ is: 'inconclusive' }, { is: 'inconclusive' }] })
})
