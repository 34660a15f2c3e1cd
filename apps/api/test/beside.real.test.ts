import { once } from 'node:events'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { appNameSchema, contract } from '@plimsoll/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withUnitsBeside, type Unit } from './units-beside.ts'

const world = withUnitsBeside({ beforeAll, afterAll })
const app = appNameSchema.parse('tiny')
const patience = { timeout: 30_000, interval: 50 }
const end = async ({ process }: Unit): Promise<unknown> => {
  const ended = once(process, 'exit')
  process.kill('SIGTERM')
  return ended
}

test('of two APIs that run beside each other both answer, and the one that people reach does the work', { timeout: 60_000 }, async () => {
  const one = await world().start()
  world().leadTo(one)
  await expect.poll(one.holds, patience).toBe(true)
  const two = await world().start()
  await expect.poll(two.holds, patience).toBe(false)
  const { token } = await two.client.call(contract.createToken, { body: { name: 'known to both', scope: 'viewer', days: 1 } })
  expect(await one.client.call(contract.listTokens, {})).toMatchObject([{ name: 'known to both' }])
  expect(token).toMatch(/^plimsoll_t_/)

  // What the one that stands by is asked to change is changed by the holder, once, in the name of whoever asked.
  expect(await two.client.call(contract.setValues, { params: { app }, body: { values: { 'web/NOTE': 'first' } } })).toMatchObject([{ key: 'NOTE' }])
  world().leadTo(two)
  expect(await world().client.call(contract.unsetValue, { params: { app, key: 'web/NOTE' } })).toEqual([])
  await expect.poll(two.holds, patience).toBe(true)
  expect(await one.holds()).toBe(false)
  const { entries } = await one.client.call(contract.listAudit, { query: { limit: 50 } })
  expect(entries.map(({ action, outcome, who, address }) => [action, outcome, who.kind, address])).toEqual([
    ['unsetValue', 'allowed', 'owner', '127.0.0.1'], ['setValues', 'allowed', 'owner', '127.0.0.1'], ['createToken', 'allowed', 'owner', '127.0.0.1'],
  ])

  // Somebody goes back, and the younger one is told to end; then the elder, and nothing is left that says it were there.
  world().leadTo(one)
  await expect.poll(one.holds, patience).toBe(true)
  expect(await end(two)).toEqual([0, null])
  expect(await world().client.call(contract.health, {})).toMatchObject({ unit: { holds: true } })
  expect(await end(one)).toEqual([0, null])
  await expect(access(join(world().home, 'api/endpoint.json'))).rejects.toMatchObject({ code: 'ENOENT' })
})
