import { expect, test } from 'vitest'
import { dyingAtCall, dyingBefore } from './fakes/faulty.ts'
import { inPlaceWorld } from './fakes/in-place-world.ts'
import { memoryJournal } from './fakes/memory-journal.ts'
import { inPlace } from './in-place.ts'
import { unproven } from './steps/prove.ts'

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

test('stopped by request it gives up what goes on, and what is live already goes back', async () => {
  const stop = new AbortController()
  const { release, stand, deploys } = await afterFirst({ becomes: (service, { source }) => {
    if (service === 'api' && isSecond(source)) stop.abort(new Error('stopped'))
    return undefined
  } })
  expect(await release(2, { interrupted: stop.signal })).toMatchObject({ is: 'undone', at: 'deploy', problem: { code: 'INTERRUPTED' } })
  expect(stand()).toMatchObject({ web: { live: first }, api: { live: first } })
  expect(deploys('web')).toEqual(['asked canceled', 'asked live'])
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

test('a release that is not proven changes nothing, and one that is begun as unproven asks nobody', async () => {
  const { release, stand } = inPlaceWorld({}, { prove: async () => ({ verification: 'v7', reused: false, is: 'blocked', verdicts: [], report: '/reports/v7' }) })
  expect(await release(1)).toMatchObject({ is: 'undone', at: 'prove', problem: { code: 'CHECKS_FAILED' } })
  expect(stand()).toEqual({})
  expect(unproven(inPlace.steps).map(({ name }) => name)).toEqual(['plan', 'survey', 'note-deploys', 'settle', 'deploy', 'check-public'])
})

test('files that no commit holds are refused before anything is changed', async () => {
  const { context } = inPlaceWorld()
  const dirty = context(1)
  const survey = inPlace.steps.find(({ name }) => name === 'survey')
  await expect(survey?.run({ ...dirty, release: { ...dirty.release, source: { ...dirty.release.source, dirty: true } } }, { specs: inPlaceWorld().specs, blueprint: '{}' })).rejects.toMatchObject({ code: 'PLACE_CANNOT' })
})

const failsAtWeb: Parameters<typeof inPlaceWorld>[0] = { becomes: (service, { by, source }) => (service === 'web' && by === 'asked' && isSecond(source) ? { is: 'failed', during: 'start', log: [] } : undefined) }

/** What became of a second release: one deploy of each service, however often the one who made it died. */
function endOf({ stand, deploys }: ReturnType<typeof inPlaceWorld>, is: string): unknown {
  return { is, ...stand(), asked: ['web', 'api'].map((service) => deploys(service).filter((each) => each.startsWith('asked')).length), back: deploys('api').filter((each) => each.startsWith('rollback')).length }
}

const completed = { is: 'completed', web: { live: second, autoDeploy: true }, api: { live: second, autoDeploy: true }, asked: [2, 2], back: 0 }
const undone = { is: 'undone', web: { live: first, autoDeploy: false }, api: { live: first, autoDeploy: false }, asked: [2, 2], back: 1 }

test.each([['completes', {}, completed], ['fails', failsAtWeb, undone]] as const)('of a release that %s, killed before any entry of its journal, the end is the same', async (_how, options, end) => {
  const whole = memoryJournal()
  await (await afterFirst(options)).release(2, { journal: whole })
  for (let entry = 1; entry <= whole.entries.length; entry += 1) {
    const world = await afterFirst(options)
    const { journal, dying } = dyingBefore(entry)
    await expect(world.release(2, { journal: dying })).rejects.toThrow('power cut')
    expect(endOf(world, (await world.release(2, { journal })).is), `entry ${entry}`).toEqual(end)
  }
})

test.each([
  ['completes', 'before', {}, completed], ['completes', 'after', {}, completed], ['fails', 'before', failsAtWeb, undone], ['fails', 'after', failsAtWeb, undone],
] as const)('of a release that %s, killed %s any call of the platform, the end is the same', async (...[, when, options, end]) => {
  let calls = 0
  for (let call = 1; ; call += 1) {
    const world = await afterFirst(options)
    const { journal, dying, through, died } = dyingAtCall(world.platform, { call, when })
    const outcome = await world.release(2, { journal: dying, through }).catch(() => undefined)
    if (!died()) break
    expect(outcome, `call ${call}`).toBeUndefined()
    expect(endOf(world, (await world.release(2, { journal })).is), `call ${call}`).toEqual(end)
    calls = call
  }
  expect(calls).toBeGreaterThan(15)
})
