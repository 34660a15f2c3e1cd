import { expect, test } from 'vitest'
import { dyingAtCall, dyingBefore } from './fakes/faulty.ts'
import { inPlaceWorld } from './fakes/in-place-world.ts'
import { memoryJournal } from './fakes/memory-journal.ts'

const first = { commit: 'a'.repeat(40) }
const second = { commit: 'b'.repeat(40) }

/** Two releases have been put live, one after the other. */
async function afterSecond(options: Parameters<typeof inPlaceWorld>[0] = {}) {
  const world = inPlaceWorld(options)
  expect(await world.release(1)).toEqual({ is: 'completed' })
  world.world.commit = second.commit
  expect(await world.release(2)).toEqual({ is: 'completed' })
  return world
}

test('puts live again what was live after the earlier release, those first that reach others, and no push deploys them', async () => {
  const { goBack, stand, deploys, said } = await afterSecond()
  expect(await goBack(3, 1)).toEqual({ is: 'completed' })
  expect(stand()).toEqual({ web: { live: first, autoDeploy: false }, api: { live: first, autoDeploy: false } })
  expect([deploys('web'), deploys('api')]).toEqual([['rollback live', 'asked replaced', 'asked replaced'], ['rollback live', 'asked replaced', 'asked replaced']])
  expect(said().filter((each) => each.includes('Is back on'))).toEqual(['web: Is back on dep-2', 'api: Is back on dep-1'])
  expect(said()).toContain('api: Its auto-deploy is off now: a push would deploy again what is gone back from')
})

test('says before anything goes back what a rollback leaves as it is', async () => {
  const { goBack, said } = await afterSecond()
  const before = said().length
  await goBack(3, 1)
  expect(said()[before]).toBe('plimsoll: It leaves disks as they are')
})

test('goes back to the deploy of the release itself where a later one ran the same commit with other variables', async () => {
  const { world, release, goBack, said } = await afterSecond()
  world.variables = { web: { API: '@api', COLOUR: 'blue' }, api: { LIMIT: '1' } }
  expect(await release(3)).toEqual({ is: 'completed' })
  expect(await goBack(4, 2)).toEqual({ is: 'completed' })
  expect(said()).toContain('web: Is back on dep-4')
  expect(said()).toContain('api: It runs what it ran then')
})

test('returns to the later release the same way', async () => {
  const { goBack, stand } = await afterSecond()
  await goBack(3, 1)
  expect(await goBack(4, 2)).toEqual({ is: 'completed' })
  expect(stand()).toMatchObject({ web: { live: second }, api: { live: second } })
})

test('the release after it deploys again what runs with the variables of then, though the commit is the same', async () => {
  const { world, release, goBack, deploys } = await afterSecond()
  world.variables = { web: { API: '@api', COLOUR: 'blue' }, api: { LIMIT: '1' } }
  await release(3)
  await goBack(4, 2)
  expect(await release(5)).toEqual({ is: 'completed' })
  expect([deploys('web')[0], deploys('api')[0]]).toEqual(['asked live', 'asked live'])
  expect(await release(6)).toMatchObject({ is: 'unchanged' })
})

test('a release that has deployed nothing to its end is not gone back to, and nothing is changed', async () => {
  const { release, goBack, stand } = await afterSecond()
  expect(await release(3)).toMatchObject({ is: 'unchanged' })
  expect(await goBack(4, 3)).toMatchObject({ is: 'undone', at: 'choose-deploys', problem: { code: 'NOTHING_TO_ROLL_BACK', hint: expect.stringContaining('release its commit again') } })
  expect(stand()).toEqual({ web: { live: second, autoDeploy: true }, api: { live: second, autoDeploy: true } })
})

test('what is shown there no more is said with the commit to release again, and nothing is changed', async () => {
  const { platform, goBack, stand } = await afterSecond()
  const api = platform.workspace.services.get('api')
  if (api !== undefined) api.deploys = api.deploys.slice(0, 1)
  expect(await goBack(3, 1)).toMatchObject({ is: 'undone', at: 'choose-deploys', problem: { code: 'NOTHING_TO_ROLL_BACK', details: { service: 'api' }, hint: expect.stringContaining('git switch --detach aaaaaaa') } })
  expect(stand()).toMatchObject({ web: { live: second, autoDeploy: true } })
})

test('a deploy of a later release of the same commit is not taken for one that is shown no more', async () => {
  const { release, platform, goBack } = await afterSecond()
  platform.deployByHand('web', first)
  await release(3)
  const web = platform.workspace.services.get('web')
  if (web !== undefined) web.deploys = web.deploys.slice(0, 2)
  expect(await goBack(4, 2)).toMatchObject({ is: 'undone', at: 'choose-deploys', problem: { code: 'NOTHING_TO_ROLL_BACK', details: { service: 'web' } } })
})

test('goes forward again when a later service cannot go back, and says that auto-deploy stays off', async () => {
  const { goBack, stand, deploys, said } = await afterSecond({ becomes: (service, { by, source }) => (service === 'api' && by === 'rollback' && source !== null && 'commit' in source && source.commit === first.commit ? { is: 'failed', during: 'start', log: ['no port'] } : undefined) })
  expect(await goBack(3, 1)).toMatchObject({ is: 'undone', at: 'roll-back', problem: { code: 'CANDIDATE_UNHEALTHY', details: { service: 'api' } } })
  expect(stand()).toEqual({ web: { live: second, autoDeploy: false }, api: { live: second, autoDeploy: false } })
  expect(deploys('web').slice(0, 2)).toEqual(['rollback live', 'rollback replaced'])
  expect(said().at(-1)).toBe('plimsoll: Auto-deploy stays off where it was switched off: switch it on again where you want it')
})

test('goes forward again when what people reach does not answer well', async () => {
  const { world, goBack, stand } = await afterSecond()
  world.verdict = () => 'fail'
  expect(await goBack(3, 1)).toMatchObject({ is: 'undone', at: 'check-public', problem: { code: 'CHECKS_FAILED' } })
  expect(stand()).toMatchObject({ web: { live: second }, api: { live: second } })
})

test('what somebody else has deployed meanwhile stays', async () => {
  const { world, platform, goBack, stand, said } = await afterSecond()
  world.verdict = ({ spec }) => {
    if (spec.service === 'web') platform.deployByHand('web', { commit: 'c'.repeat(40) })
    return 'fail'
  }
  expect(await goBack(3, 1)).toMatchObject({ is: 'undone' })
  expect(stand()).toMatchObject({ web: { live: { commit: 'c'.repeat(40) } }, api: { live: second } })
  expect(said().some((line) => line.includes('has taken its place, and stays'))).toBe(true)
})

test('stopped by request it gives up what goes on, and what is back already goes forward again', async () => {
  const stop = new AbortController()
  const { goBack, stand, deploys } = await afterSecond({ becomes: (service, { by }) => {
    if (service === 'web' && by === 'rollback') stop.abort(new Error('stopped'))
    return undefined
  } })
  expect(await goBack(3, 1, { interrupted: stop.signal })).toMatchObject({ is: 'undone', problem: { code: 'INTERRUPTED' } })
  expect(stand()).toMatchObject({ web: { live: second }, api: { live: second } })
  expect(deploys('api')[0]).toBe('rollback canceled')
})

const failsAtApi: Parameters<typeof inPlaceWorld>[0] = { becomes: (service, { by, source }) => (service === 'api' && by === 'rollback' && JSON.stringify(source) === JSON.stringify(first) ? { is: 'failed', during: 'start', log: [] } : undefined) }

/** What became of going back: one rollback of each service, however often the one who did it died. */
function endOf({ stand, deploys }: ReturnType<typeof inPlaceWorld>, is: string): unknown {
  return { is, ...stand(), rollbacks: ['web', 'api'].map((service) => deploys(service).filter((each) => each.startsWith('rollback')).length) }
}

const back = { is: 'completed', web: { live: first, autoDeploy: false }, api: { live: first, autoDeploy: false }, rollbacks: [1, 1] }
const forward = { is: 'undone', web: { live: second, autoDeploy: false }, api: { live: second, autoDeploy: false }, rollbacks: [2, 1] }

test.each([['completes', {}, back], ['fails', failsAtApi, forward]] as const)('of going back that %s, killed before any entry of its journal, the end is the same', async (_how, options, end) => {
  const whole = memoryJournal()
  await (await afterSecond(options)).goBack(3, 1, { journal: whole })
  for (let entry = 1; entry <= whole.entries.length; entry += 1) {
    const world = await afterSecond(options)
    const { journal, dying } = dyingBefore(entry)
    await expect(world.goBack(3, 1, { journal: dying })).rejects.toThrow('power cut')
    expect(endOf(world, (await world.goBack(3, 1, { journal })).is), `entry ${entry}`).toEqual(end)
  }
})

test.each([
  ['completes', 'before', {}, back], ['completes', 'after', {}, back], ['fails', 'before', failsAtApi, forward], ['fails', 'after', failsAtApi, forward],
] as const)('of going back that %s, killed %s any call of the platform, the end is the same', async (...[, when, options, end]) => {
  let calls = 0
  for (let call = 1; ; call += 1) {
    const world = await afterSecond(options)
    const { journal, dying, through, died } = dyingAtCall(world.platform, { call, when })
    const outcome = await world.goBack(3, 1, { journal: dying, through }).catch(() => undefined)
    if (!died()) break
    expect(outcome, `call ${call}`).toBeUndefined()
    expect(endOf(world, (await world.goBack(3, 1, { journal })).is), `call ${call}`).toEqual(end)
    calls = call
  }
  expect(calls).toBeGreaterThan(10)
})
