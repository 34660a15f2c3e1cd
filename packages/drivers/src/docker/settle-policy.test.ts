import { manualClock } from '@plimsoll/engine/fakes'
import { expect, test } from 'vitest'
import { leftStopped } from './container-body.ts'
import type { DockerEngine, EngineRequest } from '../docker-engine/docker-engine.ts'
import { refused } from '../docker-engine/engine-failure.ts'
import { settlePolicy } from './settle-policy.ts'

const never = new AbortController().signal

/** An engine that answers with `statuses` in turn, and with the last of them ever after. */
function engineThat(statuses: readonly number[]): { readonly engine: DockerEngine; readonly asked: EngineRequest[] } {
  const asked: EngineRequest[] = []
  const unasked = async (): Promise<never> => { throw new Error('nobody asks for that') }
  const call: DockerEngine['call'] = async (request) => {
    const status = statuses[Math.min(asked.push(request), statuses.length) - 1] ?? 200
    if (status < 400 || request.also?.includes(status) === true) return { status, body: '' }
    throw refused({ asked: request.to, status, said: 'container not running' })
  }
  return { engine: { address: { via: 'socket', path: '/nowhere' }, call, read: unasked, bytes: unasked, stream: unasked }, asked }
}

test.each([[[200], 1], [[404], 1], [[409], 1], [[500, 500, 200], 3], [[500, 404], 2]])('an engine that answers %o has been told after %i calls', async (statuses, calls) => {
  const { engine, asked } = engineThat(statuses)
  await settlePolicy({ engine, clock: manualClock({ auto: true }) }, { id: 'c1', policy: leftStopped }, never)
  expect(asked).toHaveLength(calls)
})

test('an engine that never notices that its container has ended is told of in its own words', async () => {
  const clock = manualClock({ auto: true })
  const began = clock.now()
  await expect(settlePolicy({ engine: engineThat([500]).engine, clock }, { id: 'c1', policy: leftStopped }, never)).rejects.toMatchObject({ code: 'ENGINE_REFUSED', message: expect.stringContaining('container not running') })
  expect(clock.now() - began).toBeGreaterThan(4_000)
})
