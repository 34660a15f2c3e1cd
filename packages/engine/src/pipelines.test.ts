import { releaseNumberSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { blueGreen } from './blue-green.ts'
import { dyingBefore, failingAfter } from './fakes/faulty.ts'
import { releaseWorld, shop } from './fakes/release-world.ts'
import { goBack } from './go-back.ts'
import { cutOff } from './retire.ts'

const one = releaseNumberSchema.parse(1)
const unitsOf = (...releases: number[]): string[] => releases.flatMap((n) => [`shop-api-r${n}`, `shop-web-r${n}`]).toSorted()

test('puts a first release live, with its workers', async () => {
  const { release, live, units } = releaseWorld()
  expect(await release(1, blueGreen.steps)).toEqual({ is: 'completed' })
  expect(await live()).toBe(1)
  expect(await units()).toEqual(['shop-api-r1', 'shop-mailer-r1', 'shop-web-r1'])
})

test('keeps the release before warm and hands the work over', async () => {
  const { world, release, live, units } = releaseWorld()
  await release(1, blueGreen.steps)
  world.code = 'v2'
  expect(await release(2, blueGreen.steps)).toEqual({ is: 'completed' })
  expect(await live()).toBe(2)
  expect(await units()).toEqual([...unitsOf(1, 2), 'shop-mailer-r2'].toSorted())
})

test('retires what is older than the release before, after draining it', async () => {
  const { world, release, units, edge } = releaseWorld()
  for (const [i, code] of ['v1', 'v2', 'v3'].entries()) {
    world.code = code
    await release(i + 1, blueGreen.steps)
  }
  expect(await units()).toEqual([...unitsOf(2, 3), 'shop-mailer-r3'].toSorted())
  expect(edge.drained.map(({ release: number }) => number)).toEqual([1])
})

test('cuts off what is old for good: it is taken out, drained and stopped at once, and is not gone back to', async () => {
  const { world, release, units, edge, context } = releaseWorld()
  for (const [i, code] of ['v1', 'v2'].entries()) {
    world.code = code
    await release(i + 1, blueGreen.steps)
  }
  const traffic = await edge.live(shop, new AbortController().signal)
  if (traffic === undefined) throw new Error('nothing is live')
  for (const ended of [[1], []]) {
    const now = await edge.live(shop, new AbortController().signal)
    expect(await cutOff(context(2), now ?? traffic, one)).toEqual(ended)
    expect(await edge.live(shop, new AbortController().signal)).toMatchObject({ cutOff: 1, previous: [] })
    expect(await units()).toEqual([...unitsOf(2), 'shop-mailer-r2'].toSorted())
  }
  expect(edge.drained).toEqual([{ app: shop, release: 1, requestGraceMs: 10_000, streamGraceMs: 0 }])
  expect(await release(3, goBack.steps, { backTo: 1 })).toMatchObject({ is: 'undone', at: 'choose-target', problem: { code: 'CUT_OFF' } })
  await expect(cutOff(context(2), traffic, releaseNumberSchema.parse(2))).rejects.toMatchObject({ code: 'CUT_OFF' })
})

test('stops what a retirement that died half way had already taken out of the table', async () => {
  const { world, release, units, edge } = releaseWorld()
  for (const [i, code] of ['v1', 'v2', 'v3'].entries()) {
    world.code = code
    if (i === 2) {
      const traffic = await edge.live(shop, new AbortController().signal)
      if (traffic !== undefined) await edge.shift({ ...traffic, previous: [] }, new AbortController().signal)
    }
    await release(i + 1, blueGreen.steps)
  }
  expect(await units()).toEqual([...unitsOf(2, 3), 'shop-mailer-r3'].toSorted())
})

test('says that nothing is new, and starts nothing', async () => {
  const { release, live, units } = releaseWorld()
  await release(1, blueGreen.steps)
  const before = await units()
  expect(await release(2, blueGreen.steps)).toEqual({ is: 'unchanged', at: 'compare' })
  expect([await live(), await units()]).toEqual([1, before])
})

test('notes what it is held against before anything is changed, with all variables of its services', async () => {
  const { world, release } = releaseWorld()
  await release(1, blueGreen.steps)
  await release(2, blueGreen.steps)
  expect([...world.noted.values()].map(({ before }) => before)).toEqual([null, 1])
  expect(Object.keys(world.noted.get(2)?.environments['api'] ?? {}).toSorted()).toEqual(['CODE', 'SETTING'])
})

test('warms the units that listen before any user meets them', async () => {
  const warmed: string[] = []
  const { world, release, live } = releaseWorld({
    warmUp: async ({ unit }) => {
      warmed.push(`${unit.name} while ${(await live()) ?? 'nothing'} is live`)
      return undefined
    },
  })
  await release(1, blueGreen.steps)
  world.code = 'v2'
  await release(2, blueGreen.steps)
  expect(warmed).toEqual(['shop-web-r1 while nothing is live', 'shop-api-r1 while nothing is live', 'shop-web-r2 while 1 is live', 'shop-api-r2 while 1 is live'])
})

test('warms a release to go back to only when it had to be started', async () => {
  const warmed: string[] = []
  const { world, release } = releaseWorld({ warmUp: async ({ unit }) => void warmed.push(unit.name) })
  for (const [i, code] of ['v1', 'v2', 'v3'].entries()) {
    world.code = code
    await release(i + 1, blueGreen.steps)
  }
  warmed.length = 0
  await release(4, goBack.steps, { backTo: 2 })
  expect(warmed).toEqual([])
  await release(5, goBack.steps, { backTo: 1 })
  expect(warmed).toEqual(['shop-web-r1', 'shop-api-r1'])
})

test('goes back to the warm release without building or migrating', async () => {
  const { world, release, live, units, driver } = releaseWorld()
  await release(1, blueGreen.steps)
  world.code = 'v2'
  await release(2, blueGreen.steps)
  const ran = driver.ran.length
  expect(await release(3, goBack.steps, { backTo: 1 })).toEqual({ is: 'completed' })
  expect(await live()).toBe(1)
  expect(await units()).toEqual([...unitsOf(1, 2), 'shop-mailer-r1'].toSorted())
  expect(driver.ran.length).toBe(ran)
})

test('closes a service for as long as a release is live that says so, and runs it all the same', async () => {
  const { world, release, edge, units } = releaseWorld()
  const closed = async (): Promise<unknown> => (await edge.live(shop, new AbortController().signal))?.live.closed
  await release(1, blueGreen.steps)
  world.specs = world.specs.map((spec) => (spec.kind === 'web' && spec.service === 'web' ? { ...spec, maintenance: { uri: 'https://shop.example.com/sorry' } } : spec))
  expect(await release(2, blueGreen.steps)).toEqual({ is: 'completed' })
  expect([await closed(), await units()]).toEqual([{ web: { uri: 'https://shop.example.com/sorry' } }, expect.arrayContaining(['shop-web-r2'])])
  await release(3, goBack.steps, { backTo: 1 })
  expect(await closed()).toBeUndefined()
})

test('goes back to a warm release of which an instance was started again since', async () => {
  const { world, release, live, driver } = releaseWorld()
  await release(1, blueGreen.steps)
  world.code = 'v2'
  await release(2, blueGreen.steps)
  const [instance] = (await driver.observe(shop, new AbortController().signal)).filter(({ unit }) => unit.name === 'shop-web-r1')
  driver.crash(instance?.id ?? '')
  expect(await release(3, goBack.steps, { backTo: 1 })).toEqual({ is: 'completed' })
  expect(await live()).toBe(1)
})

test('goes back to a release that is no longer warm by starting it again', async () => {
  const { world, release, live } = releaseWorld()
  for (const [i, code] of ['v1', 'v2', 'v3'].entries()) {
    world.code = code
    await release(i + 1, blueGreen.steps)
  }
  expect(await release(4, goBack.steps, { backTo: 1 })).toEqual({ is: 'completed' })
  expect(await live()).toBe(1)
})

test('fails a candidate that exits, with its last lines, and leaves the previous release live', async () => {
  const { world, release, live, units } = releaseWorld({
    behaviour: ({ unit }) => (unit.release === 2 && unit.service === 'api' ? { prints: ['Error: no DATABASE_URL'], exits: { code: 1 } } : {}),
  })
  await release(1, blueGreen.steps)
  const before = await units()
  world.code = 'v2'
  const outcome = await release(2, blueGreen.steps)
  expect(outcome).toMatchObject({ is: 'undone', at: 'start-candidate', problem: { code: 'CANDIDATE_EXITED', details: { service: 'api' } } })
  expect(JSON.stringify(outcome)).toContain('no DATABASE_URL')
  expect([await live(), await units()]).toEqual([1, before])
})

test('stops before anything is started when a pre-deploy command fails', async () => {
  const { world, release, live, units } = releaseWorld()
  await release(1, blueGreen.steps)
  const before = await units()
  Object.assign(world, { code: 'v2', migration: 1 })
  expect(await release(2, blueGreen.steps)).toMatchObject({ is: 'undone', problem: { code: 'MIGRATION_FAILED' } })
  expect([await live(), await units()]).toEqual([1, before])
})

test('gives up on a candidate that is never healthy, saying what it answered', async () => {
  const { world, release, live } = releaseWorld({
    probe: { http: async () => (world.code === 'v2' ? { is: 'unhealthy', status: 500, body: 'no' } : { is: 'healthy', status: 200 }), tcp: async () => ({ is: 'healthy' }) },
  })
  await release(1, blueGreen.steps)
  world.code = 'v2'
  expect(await release(2, blueGreen.steps)).toMatchObject({ is: 'undone', problem: { code: 'CANDIDATE_UNHEALTHY' } })
  expect(await live()).toBe(1)
})

test('does not switch when a check fails', async () => {
  const { world, release, live } = releaseWorld({
    checks: [{ id: 'x', title: 'x', ask: async () => [{ check: 'x', is: world.code === 'v2' ? 'fail' : 'pass', finding: 'x is wrong', tookMs: 1 }] }],
  })
  await release(1, blueGreen.steps)
  world.code = 'v2'
  expect(await release(2, blueGreen.steps)).toMatchObject({ is: 'undone', at: 'verify', problem: { code: 'CHECKS_FAILED' } })
  expect(await live()).toBe(1)
})

const reversible = blueGreen.steps.slice(0, blueGreen.steps.findIndex(({ pointOfNoReturn }) => pointOfNoReturn)).map(({ name }) => name)

test.each(reversible)('leaves everything as it was when "%s" fails after it did its work', async (name) => {
  const { world, release, live, units } = releaseWorld()
  await release(1, blueGreen.steps)
  const before = await units()
  world.code = 'v2'
  expect(await release(2, failingAfter(blueGreen.steps, name))).toMatchObject({ is: 'undone', at: name })
  expect([await live(), await units()]).toEqual([1, before])
})

// A release writes two entries a step; dying before the n-th write is dying at every place that matters.
const writes = blueGreen.steps.length * 2

test.each(Array.from({ length: writes }, (_, i) => i + 1))('completes a release that died before entry %i was written', async (entry) => {
  const { world, release, live, units, driver } = releaseWorld()
  await release(1, blueGreen.steps)
  world.code = 'v2'
  const { journal, dying } = dyingBefore(entry)
  await expect(release(2, blueGreen.steps, { journal: dying })).rejects.toThrow('power cut')
  expect(await release(2, blueGreen.steps, { journal })).toEqual({ is: 'completed' })
  expect(driver.ran.map(({ unit }) => unit.name)).toEqual(['shop-api-r1', 'shop-api-r2'])
  expect(await live()).toBe(2)
  expect(await units()).toEqual([...unitsOf(1, 2), 'shop-mailer-r2'].toSorted())
})

test('ends what users have under way in a release that failed after the switch before it stops any of its units', async () => {
  const { world, release, live, units, edge } = releaseWorld()
  await release(1, blueGreen.steps)
  world.code = 'v2'
  edge.failNext('drain', new Error('not drained yet'))
  expect(await release(2, failingAfter(blueGreen.steps, 'hand-over-workers'))).toMatchObject({ is: 'stuck', at: 'shift-traffic' })
  expect(await live()).toBe(1)
  expect(await units()).toEqual([...unitsOf(1, 2), 'shop-mailer-r1'].toSorted())
})

test('ends what users have under way in a release that was started to go back to before it stops it again', async () => {
  const { world, release, live, units, edge } = releaseWorld()
  for (const [i, code] of ['v1', 'v2', 'v3'].entries()) {
    world.code = code
    await release(i + 1, blueGreen.steps)
  }
  const before = await units()
  expect(await release(4, failingAfter(goBack.steps, 'hand-workers-back'), { backTo: 1 })).toMatchObject({ is: 'undone' })
  expect(edge.drained.map(({ release: number }) => number)).toEqual([1, 1])
  expect([await live(), await units()]).toEqual([3, before])
})
