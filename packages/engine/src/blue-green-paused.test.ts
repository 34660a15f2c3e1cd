import { expect, test } from 'vitest'
import { blueGreenPaused } from './blue-green-paused.ts'
import { dyingBefore, failingAfter } from './fakes/faulty.ts'
import { releaseWorld, shop } from './fakes/release-world.ts'

const { steps } = blueGreenPaused
const never = new AbortController().signal

test('migrates while requests wait and no worker runs, and serves them after the switch', async () => {
  const meanwhile: unknown[] = []
  const { world, release, live, units, edge, driver } = releaseWorld({
    onMigrate: () => meanwhile.push([edge.pauses.at(-1), [...driver.place.units.values()].map(({ runnable }) => runnable.unit.name).filter((name) => name.includes('mailer'))]),
  })
  await release(1, steps)
  expect([meanwhile, edge.pauses]).toEqual([[[undefined, []]], ['resumed']])
  world.code = 'v2'
  expect(await release(2, steps)).toEqual({ is: 'completed' })
  expect(meanwhile.at(-1)).toEqual(['paused', []])
  expect([await live(), await edge.holds(shop, never)]).toEqual([2, {}])
  expect(await units()).toContain('shop-mailer-r2')
})

test('lets a worker that is kept rest too, and starts it again', async () => {
  const { world, release, units } = releaseWorld()
  await release(1, steps)
  world.codeOf = { web: 'v2' }
  expect(await release(2, steps)).toEqual({ is: 'completed' })
  expect(await units()).toContain('shop-mailer-r1')
})

test('is taken back before it migrates when requests do not end', async () => {
  const { world, release, live, units, edge, driver } = releaseWorld()
  await release(1, steps)
  const [before, ran] = [await units(), driver.ran.length]
  world.code = 'v2'
  edge.leaves(3)
  expect(await release(2, steps)).toMatchObject({ is: 'undone', at: 'pause-traffic', problem: { code: 'STILL_BUSY', details: { leftRequests: 3 } } })
  expect([await live(), await units(), await edge.holds(shop, never), driver.ran.length]).toEqual([1, before, {}, ran])
})

const reversible = steps.slice(0, steps.findIndex(({ pointOfNoReturn }) => pointOfNoReturn)).map(({ name }) => name)

test.each(reversible)('leaves everything as it was, and nobody waiting, when "%s" fails after it did its work', async (name) => {
  const { world, release, live, units, edge } = releaseWorld()
  await release(1, steps)
  const before = await units()
  world.code = 'v2'
  expect(await release(2, failingAfter(steps, name))).toMatchObject({ is: 'undone', at: name })
  expect([await live(), await units(), await edge.holds(shop, never)]).toEqual([1, before, {}])
})

test.each(Array.from({ length: steps.length * 2 }, (_, i) => i + 1))('completes a release that died before entry %i was written, and leaves nobody waiting', async (entry) => {
  const { world, release, live, units, edge } = releaseWorld()
  await release(1, steps)
  world.code = 'v2'
  const { journal, dying } = dyingBefore(entry)
  await expect(release(2, steps, { journal: dying })).rejects.toThrow('power cut')
  expect(await release(2, steps, { journal })).toEqual({ is: 'completed' })
  expect([await live(), await edge.holds(shop, never)]).toEqual([2, {}])
  expect(await units()).toEqual(['shop-api-r1', 'shop-api-r2', 'shop-mailer-r2', 'shop-web-r1', 'shop-web-r2'])
})
