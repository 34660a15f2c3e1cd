import { afterAll, beforeAll, expect, test } from 'vitest'
import { holdGoesOn, holdTakenBack } from './killed-on-render.ts'
import { openRenderWorld, type RenderWorld } from './render-world.ts'

const patience = { timeout: 120_000 }
let world: RenderWorld

beforeAll(async () => {
  world = await openRenderWorld()
}, patience.timeout)
afterAll(() => world.close(), patience.timeout)

test('a dry run prints every change and every request without a value, and sends nothing', patience, async () => {
  await world.change()
  const sent = world.render.requests.length
  const text = await world.preview()
  expect(text).toContain('it changes VERSION of mailer')
  expect(text).toMatch(/PUT \/services\/srv-\w+\/env-vars\/VERSION \{"value":"\(hidden\)"\}/)
  expect(text.match(/POST \/services\/srv-\w+\/deploys/g)).toHaveLength(2)
  expect(world.render.requests.slice(sent).filter((request) => !request.startsWith('GET'))).toEqual([])
})

test.each([
  'platform.apply variable mailer after', 'platform.begin mailer after',
])('killed at %s, a release goes on to its end when Plimsoll is there again, with one deploy of each service', patience, (point) => holdGoesOn(world, point))

test.each([
  'platform.rollBack mailer before', 'platform.rollBack mailer after', 'platform.holdAutoDeploy api after',
])('killed at %s, going back goes on to its end when Plimsoll is there again, with one rollback of each service', patience, async (point) => {
  const earlier = world.serving()[0]
  await world.change()
  await world.printed('release', '--json')
  world.pushesDeploy()
  const backBefore = world.wentBack(earlier)
  expect(await world.killedAt(point, 'rollback')).toMatchObject({ kind: 'rollback', state: 'completed', outcome: { is: 'completed' } })
  expect([world.serving(), world.autoDeploys(), world.wentBack(earlier)]).toEqual([[earlier, earlier], ['no', 'no'], backBefore + 1])
})

test('the command line says what going back will do and what it leaves, goes back, and shows what was printed', patience, async () => {
  world.render.print('api', 'ready \u001B[2J\u0007now')
  expect(await world.printed('logs', 'api', '--tail', '1')).toBe('api ready now\n')
  const text = await world.printed('rollback')
  expect(text).toContain('each service is rolled back by a deploy of its own, one after the other')
  expect(text).toContain('Disks, plans, domains, headers and routes stay as they are now')
  expect(text).toContain('Auto-deploy is switched off')
  expect(text).toMatch(/is back on release \d+/)
})

test.each([
  'platform.rollBack api after',
])('killed at %s of a release that fails, it ends as that, with what was live before', patience, (point) => holdTakenBack(world, point))
