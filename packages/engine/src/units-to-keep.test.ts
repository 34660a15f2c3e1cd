import { expect, test } from 'vitest'
import { blueGreen } from './blue-green.ts'
import { releaseWorld, shop } from './fakes/release-world.ts'
import { goBack } from './go-back.ts'

const never = new AbortController().signal

test('a service that did not change goes on in the units that run already, and its work is not handed over', async () => {
  const { world, release, units, edge } = releaseWorld()
  await release(1, blueGreen.steps)
  world.codeOf['web'] = 'v2'
  expect(await release(2, blueGreen.steps)).toEqual({ is: 'completed' })
  expect(await units()).toEqual(['shop-api-r1', 'shop-mailer-r1', 'shop-web-r1', 'shop-web-r2'])
  const live = (await edge.live(shop, never))?.live
  expect([live?.release, live?.targets['web']?.unit, live?.targets['api']?.unit]).toEqual([2, 'shop-web-r2', 'shop-api-r1'])
})

test('its instances are the same ones before and after', async () => {
  const { world, release, driver } = releaseWorld()
  const instances = async (): Promise<string[]> => (await driver.observe(shop, never)).filter(({ unit }) => unit.service !== 'web').map(({ id, pid }) => `${id} ${pid}`)
  await release(1, blueGreen.steps)
  const before = await instances()
  world.codeOf['web'] = 'v2'
  await release(2, blueGreen.steps)
  expect(await instances()).toEqual(before)
})

test('its pre-deploy command is not run again', async () => {
  const { world, release, driver } = releaseWorld()
  await release(1, blueGreen.steps)
  world.codeOf['web'] = 'v2'
  await release(2, blueGreen.steps)
  expect(driver.ran.map(({ unit }) => unit.name)).toEqual(['shop-api-r1'])
})

test('a service that reaches one that is started anew is started anew too, so that no release talks to another', async () => {
  const { world, release, units } = releaseWorld()
  world.reaches = { web: 'api' }
  await release(1, blueGreen.steps)
  world.codeOf['api'] = 'v2'
  await release(2, blueGreen.steps)
  expect(await units()).toEqual(['shop-api-r1', 'shop-api-r2', 'shop-mailer-r1', 'shop-web-r1', 'shop-web-r2'])
})

test('so is a service that reaches that one, and so on', async () => {
  const { world, release, units } = releaseWorld()
  world.reaches = { mailer: 'web', web: 'api' }
  await release(1, blueGreen.steps)
  world.codeOf['api'] = 'v2'
  await release(2, blueGreen.steps)
  expect(await units()).toEqual(['shop-api-r1', 'shop-api-r2', 'shop-mailer-r2', 'shop-web-r1', 'shop-web-r2'])
})

test('a service that others reach goes on when only they changed', async () => {
  const { world, release, units } = releaseWorld()
  world.reaches = { web: 'api' }
  await release(1, blueGreen.steps)
  world.codeOf['web'] = 'v2'
  await release(2, blueGreen.steps)
  expect(await units()).toEqual(['shop-api-r1', 'shop-mailer-r1', 'shop-web-r1', 'shop-web-r2'])
})

test('a value that was set since is a change, though nothing was built', async () => {
  const { world, release, live, units } = releaseWorld()
  await release(1, blueGreen.steps)
  world.setting = 'second'
  expect(await release(2, blueGreen.steps)).toEqual({ is: 'completed' })
  expect(await live()).toBe(2)
  expect(await units()).toContain('shop-api-r2')
})

test('a unit that fell over since is started anew', async () => {
  const { world, release, units, driver } = releaseWorld()
  await release(1, blueGreen.steps)
  const [api] = (await driver.observe(shop, never)).filter(({ unit }) => unit.service === 'api')
  driver.crash(api?.id ?? '')
  world.codeOf['web'] = 'v2'
  await release(2, blueGreen.steps)
  expect(await units()).toContain('shop-api-r2')
})

test('a unit is stopped only when no release that stays uses it', async () => {
  const { world, release, units } = releaseWorld()
  await release(1, blueGreen.steps)
  for (const number of [2, 3, 4]) {
    world.codeOf['web'] = `v${number}`
    await release(number, blueGreen.steps)
  }
  expect(await units()).toEqual(['shop-api-r1', 'shop-mailer-r1', 'shop-web-r3', 'shop-web-r4'])
  world.codeOf = { web: 'v5', api: 'v5' }
  await release(5, blueGreen.steps)
  expect(await units()).toEqual(['shop-api-r1', 'shop-api-r5', 'shop-mailer-r1', 'shop-web-r4', 'shop-web-r5'])
  world.code = 'v6'
  world.codeOf = {}
  await release(6, blueGreen.steps)
  expect(await units()).toEqual(['shop-api-r5', 'shop-api-r6', 'shop-mailer-r6', 'shop-web-r5', 'shop-web-r6'])
})

test('a release that is taken back leaves the units that it shared', async () => {
  const { world, release, live, units } = releaseWorld({ checks: [{ id: 'x', title: 'x', ask: async () => [{ check: 'x', is: world.codeOf['web'] === 'v2' ? 'fail' : 'pass', finding: 'x', tookMs: 1 }] }] })
  await release(1, blueGreen.steps)
  const before = await units()
  world.codeOf['web'] = 'v2'
  expect(await release(2, blueGreen.steps)).toMatchObject({ is: 'undone', at: 'verify' })
  expect([await live(), await units()]).toEqual([1, before])
})

test('going back and forth leaves alone what both have in common', async () => {
  const { world, release, units, driver } = releaseWorld()
  const pids = async (): Promise<(number | undefined)[]> => (await driver.observe(shop, never)).filter(({ unit }) => unit.service !== 'web').map(({ pid }) => pid)
  await release(1, blueGreen.steps)
  world.codeOf['web'] = 'v2'
  await release(2, blueGreen.steps)
  const [before, shared] = [await units(), await pids()]
  expect(await release(3, goBack.steps, { backTo: 1 })).toEqual({ is: 'completed' })
  expect(await release(4, goBack.steps, { backTo: 2 })).toEqual({ is: 'completed' })
  expect([await units(), await pids()]).toEqual([before, shared])
})

test('going back to a release whose units were stopped starts them, and what cannot start is stopped again', async () => {
  const broken = { now: false }
  const { world, release, live, units } = releaseWorld({ behaviour: ({ unit }) => (broken.now && unit.name === 'shop-web-r1' ? { exits: { code: 1 } } : {}) })
  for (const number of [1, 2, 3]) {
    world.codeOf['web'] = `v${number}`
    await release(number, blueGreen.steps)
  }
  const before = await units()
  broken.now = true
  expect(await release(4, goBack.steps, { backTo: 1 })).toMatchObject({ is: 'undone', at: 'warm-target' })
  expect([await live(), await units()]).toEqual([3, before])
  broken.now = false
  expect(await release(5, goBack.steps, { backTo: 1 })).toEqual({ is: 'completed' })
  expect(await units()).toEqual(['shop-api-r1', 'shop-mailer-r1', 'shop-web-r1', 'shop-web-r3'])
})
