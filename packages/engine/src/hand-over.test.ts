import { expect, test } from 'vitest'
import { blueGreen } from './blue-green.ts'
import { releaseWorld } from './fakes/release-world.ts'

/** What of the worker runs when each of its units boots, in order. */
async function besides(overlaps: boolean): Promise<readonly string[][]> {
  const seen = new Map<string, string[]>()
  const world = releaseWorld({
    behaviour: ({ unit }) => {
      const running = [...world.driver.place.units.values()].map(({ runnable }) => runnable.unit.name)
      if (unit.service === 'mailer' && !seen.has(unit.name)) seen.set(unit.name, running.filter((name) => name.includes('mailer')))
      return {}
    },
  })
  if (overlaps) world.world.specs = world.world.specs.map((spec) => (spec.kind === 'worker' ? { ...spec, overlaps: true } : spec))
  await world.release(1, blueGreen.steps)
  world.world.code = 'v2'
  await world.release(2, blueGreen.steps)
  expect(await world.units()).toEqual(expect.arrayContaining(['shop-mailer-r2']))
  expect(await world.units()).not.toContain('shop-mailer-r1')
  return [...seen.values()]
}

test('a worker starts when the one before has finished', async () => {
  expect(await besides(false)).toEqual([['shop-mailer-r1'], ['shop-mailer-r2']])
})

test('a worker that may overlap starts beside the one before, which then finishes', async () => {
  expect(await besides(true)).toEqual([['shop-mailer-r1'], ['shop-mailer-r1', 'shop-mailer-r2']])
})
