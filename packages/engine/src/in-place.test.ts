import { expect, test } from 'vitest'
import { dyingBefore } from './fakes/faulty.ts'
import { inPlaceWorld } from './fakes/in-place-world.ts'
import { memoryJournal } from './fakes/memory-journal.ts'
import { inPlace } from './in-place.ts'

const first = { commit: 'a'.repeat(40) }
const second = { commit: 'b'.repeat(40) }

/** One release is live; the next one has another commit and another variable. */
async function afterFirst(options: Parameters<typeof inPlaceWorld>[0] = {}) {
  const world = inPlaceWorld(options)
  expect(await world.release(1)).toEqual({ is: 'completed' })
  world.world.commit = second.commit
  world.world.variables = { web: { API: '@api', COLOUR: 'blue' }, api: { LIMIT: '1' } }
  return world
}

const isSecond = (source: unknown): boolean => JSON.stringify(source) === JSON.stringify(second)

test('makes what is not there, and deploys those that are reached before those that reach them', async () => {
  const { release, stand, said, platform } = inPlaceWorld()
  expect(await release(1)).toEqual({ is: 'completed' })
  expect(stand()).toEqual({ web: { live: first, autoDeploy: true }, api: { live: first, autoDeploy: true } })
  expect(platform.workspace.services.get('web')?.variables).toEqual(new Map([['API', 'host of api'], ['COLOUR', 'red']]))
  const live = said().filter((each) => each.includes('Is live with'))
  expect(live).toEqual(['api: Is live with aaaaaaa', 'web: Is live with aaaaaaa'])
})

test('says at the beginning what the place cannot do, and every change before it is made, without a value', async () => {
  const { release, said } = await afterFirst()
  await release(2)
  const lines = said()
  expect(lines[0]).toBe('plimsoll: It switches one service after the other, and not all in one instant')
  expect(lines.indexOf('plimsoll: changes COLOUR of web')).toBeGreaterThan(0)
  expect(lines.indexOf('plimsoll: changes COLOUR of web')).toBeLessThan(lines.indexOf('plimsoll: It changes COLOUR of web: done'))
  expect(lines.join('\n')).not.toContain('blue')
})

test('says that nothing is new, and deploys nothing', async () => {
  const { release, deploys } = inPlaceWorld()
  await release(1)
  expect(await release(2)).toEqual({ is: 'unchanged', at: 'survey' })
  expect(deploys('web')).toHaveLength(1)
})

test('deploys for a changed variable only those that have it', async () => {
  const { world, release, deploys } = inPlaceWorld()
  await release(1)
  world.variables = { web: { API: '@api', COLOUR: 'blue' }, api: { LIMIT: '1' } }
  expect(await release(2)).toEqual({ is: 'completed' })
  expect([deploys('web').length, deploys('api').length]).toEqual([2, 1])
})

test('goes back to what was live, the last one first, when a later service fails, and no push deploys them', async () => {
  const { release, stand, said, deploys } = await afterFirst({ becomes: (service, { by, source }) => (service === 'web' && by === 'asked' && isSecond(source) ? { is: 'failed', during: 'start', log: ['no port'] } : undefined) })
  expect(await release(2)).toMatchObject({ is: 'undone', at: 'deploy', problem: { code: 'CANDIDATE_UNHEALTHY', details: { service: 'web', log: ['no port'] } } })
  expect(stand()).toEqual({ web: { live: first, autoDeploy: false }, api: { live: first, autoDeploy: false } })
  expect(deploys('api')).toEqual(['rollback live', 'asked replaced', 'asked replaced'])
  expect(said()).toContain('api: Its auto-deploy is off now: a push would deploy again what was taken back')
  expect(said()).toContain('plimsoll: Stays as this release left it: it changes COLOUR of web')
})

test('goes back in the reverse order when what people reach does not answer well', async () => {
  const { world, release, stand, said } = await afterFirst()
  world.verdict = ({ spec }) => (spec.service === 'api' ? 'fail' : 'pass')
  expect(await release(2)).toMatchObject({ is: 'undone', at: 'check-public', problem: { code: 'CHECKS_FAILED' } })
  expect(stand()).toEqual({ web: { live: first, autoDeploy: false }, api: { live: first, autoDeploy: false } })
  expect(said().filter((each) => each.endsWith('Is back on what was live before'))).toEqual(['web: Is back on what was live before', 'api: Is back on what was live before'])
})

test('takes a deploy whose place another took for no success, and leaves the other', async () => {
  const { release, stand, platform } = await afterFirst({ becomes: (service, { by, source }) => {
    if (service !== 'web' || by !== 'asked' || !isSecond(source)) return undefined
    platform.deployByHand('web', { commit: 'c'.repeat(40) })
    return { is: 'replaced' }
  } })
  expect(await release(2)).toMatchObject({ is: 'undone', problem: { code: 'CHANGED_MEANWHILE' } })
  expect(stand()).toMatchObject({ web: { live: { commit: 'c'.repeat(40) } }, api: { live: first } })
})

test('leaves a service that is new running, and says so', async () => {
  const { release, stand, said } = inPlaceWorld({ becomes: (service) => (service === 'web' ? { is: 'failed', during: 'build', log: [] } : undefined) })
  expect(await release(1)).toMatchObject({ is: 'undone', problem: { code: 'BUILD_FAILED' } })
  expect(stand()).toEqual({ web: { live: null, autoDeploy: false }, api: { live: first, autoDeploy: false } })
  expect(said()).toContain('api: There is nothing to go back to: this release was its first, and it runs on')
})

test('a rollback that fails needs attention, and the same release again goes on with it', async () => {
  let broken = true
  const { release, stand } = await afterFirst({ becomes: (service, { by, source }) => {
    if (by === 'rollback') return broken ? { is: 'failed', during: 'start', log: [] } : undefined
    return service === 'web' && isSecond(source) ? { is: 'failed', during: 'build', log: [] } : undefined
  } })
  const journal = memoryJournal()
  expect(await release(2, { journal })).toMatchObject({ is: 'stuck', at: 'deploy', problem: { code: 'NEEDS_ATTENTION' } })
  expect(stand()).toMatchObject({ api: { live: second } })
  broken = false
  expect(await release(2, { journal })).toMatchObject({ is: 'undone', at: 'deploy' })
  expect(stand()).toMatchObject({ api: { live: first } })
})

test('files that no commit holds are refused before anything is changed', async () => {
  const { context } = inPlaceWorld()
  const dirty = context(1)
  const [, survey] = inPlace.steps
  await expect(survey?.run({ ...dirty, release: { ...dirty.release, source: { ...dirty.release.source, dirty: true } } }, { specs: inPlaceWorld().specs, blueprint: '{}' })).rejects.toMatchObject({ code: 'PLACE_CANNOT' })
})

/** Kills the runner before each entry of the journal, lets another go on, and tells how all of them ended. */
async function killedEverywhere(begin: () => ReturnType<typeof afterFirst>, entries: number): Promise<unknown[]> {
  const ends: unknown[] = []
  for (let entry = 1; entry <= entries; entry += 1) {
    const { release, stand, deploys } = await begin()
    const { journal, dying } = dyingBefore(entry)
    await expect(release(2, { journal: dying }), `entry ${entry}`).rejects.toThrow('power cut')
    const outcome = await release(2, { journal })
    ends.push({ is: outcome.is, ...stand(), asked: ['web', 'api'].map((service) => deploys(service).filter((each) => each.startsWith('asked')).length) })
  }
  return ends
}

test('killed before any entry of its journal it completes when it goes on, with one deploy of each service', async () => {
  const ends = await killedEverywhere(afterFirst, 2 * inPlace.steps.length)
  expect(ends).toEqual(ends.map(() => ({ is: 'completed', web: { live: second, autoDeploy: true }, api: { live: second, autoDeploy: true }, asked: [2, 2] })))
})

test('killed before any entry of a release that fails, it ends as that, with what was live before', async () => {
  const fails = (): ReturnType<typeof afterFirst> => afterFirst({ becomes: (service, { by, source }) => (service === 'web' && by === 'asked' && isSecond(source) ? { is: 'failed', during: 'start', log: [] } : undefined) })
  const journal = memoryJournal()
  await (await fails()).release(2, { journal })
  const ends = await killedEverywhere(fails, journal.entries.length)
  expect(ends).toEqual(ends.map(() => ({ is: 'undone', web: { live: first, autoDeploy: false }, api: { live: first, autoDeploy: false }, asked: [2, 2] })))
})

test.each(['survey', 'apply', 'stands', 'begin', 'follow'] as const)('a call of %s whose answer is lost is not made twice where that would matter', async (verb) => {
  const { release, stand, platform, deploys } = await afterFirst()
  platform.failNext(verb, new Error('power cut'), 'after')
  const outcome = await release(2)
  expect(outcome.is).toBe('undone')
  expect(stand()).toMatchObject({ web: { live: first }, api: { live: first } })
  expect(deploys('api').filter((each) => each === 'asked under way')).toEqual([])
})
