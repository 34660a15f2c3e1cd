import { PlimsollError } from '@plimsoll/model'
import { expect, test } from 'vitest'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { openManagers } from './open-managers.ts'

const never = new AbortController().signal
const request = { path: '/services', to: 'list services' }

/** An engine that gives these answers to calls, the last one for ever. */
function manager(...answers: (PlimsollError | string)[]): { readonly engine: DockerEngine; readonly asked: () => number } {
  let asked = 0
  const call: DockerEngine['call'] = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)]
    asked += 1
    if (answer instanceof PlimsollError) throw answer
    return { status: 200, body: answer ?? '' }
  }
  const unused = () => Promise.reject(new Error('not asked here'))
  return { engine: { address: { via: 'socket', path: '/nowhere' }, call, read: unused, bytes: unused, stream: unused }, asked: () => asked }
}

/** Sleeping takes no time and is counted. */
function clockOf() {
  let now = 0
  return { now: () => now, sleep: async (ms: number) => void (now += ms) }
}

const refusal = (status: number): PlimsollError => new PlimsollError('ENGINE_REFUSED', 'no', { details: { status } })
const away = new PlimsollError('ENGINE_DOWN', 'away')

test.each([['is away', away], ['has no leader', refusal(503)], ['could not do it now', refusal(500)]])('a manager that %s is followed by the next one, and left from then on', async (_, answer) => {
  const [first, second] = [manager(answer), manager('here')]
  const managers = openManagers({ engines: [first.engine, second.engine], clock: clockOf() })
  expect(await managers.call(request, never)).toMatchObject({ body: 'here' })
  expect(await managers.call(request, never)).toMatchObject({ body: 'here' })
  expect([first.asked(), second.asked()]).toEqual([1, 2])
})

test('one manager is asked again until the cluster has a leader', async () => {
  const only = manager(refusal(503), refusal(503), 'here')
  expect(await openManagers({ engines: [only.engine], clock: clockOf() }).call(request, never)).toMatchObject({ body: 'here' })
})

test('a cluster that does not come back is told after our own patience, in its words', async () => {
  const only = manager(away)
  await expect(openManagers({ engines: [only.engine], clock: clockOf(), patienceMs: 10_000 }).call(request, never)).rejects.toBe(away)
  expect(only.asked()).toBe(40)
})

test('what a manager refuses for good is not asked of another one', async () => {
  const [first, second] = [manager(refusal(400)), manager('here')]
  await expect(openManagers({ engines: [first.engine, second.engine], clock: clockOf() }).call(request, never)).rejects.toMatchObject({ details: { status: 400 } })
  expect(second.asked()).toBe(0)
})
