import { PlimsollError } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { blueGreenByCanary } from './blue-green-by-canary.ts'
import { dyingBefore, failingAfter } from './fakes/faulty.ts'
import { releaseWorld, shop } from './fakes/release-world.ts'

const { steps } = blueGreenByCanary
const canary = [{ share: 0.05, forMs: 60_000 }, { share: 0.25, forMs: 60_000 }, { share: 0.5, forMs: 60_000 }]

/** Release 1 is live; between two looks, users ask as they are said to. */
async function world(users: { readonly requests?: number; readonly errors?: (release: number, share: number) => number } = {}) {
  const { requests = 10, errors = () => 0 } = users
  const made = releaseWorld()
  await made.release(1, steps, { canary })
  made.world.code = 'v2'
  made.edge.beforeCounting(() => {
    const traffic = made.edge.history(shop).at(-1)
    const share = traffic?.canary?.share ?? 0
    for (const release of [traffic?.live.release, traffic?.canary?.release.release]) {
      if (release === undefined) continue
      for (const service of ['web', 'api']) made.edge.count(shop, `${release}/${service}`, { requests, responses5xx: errors(release, share) })
    }
  })
  const shares = (): (number | undefined)[] => made.edge.history(shop).map((traffic) => traffic.canary?.share)
  return { ...made, shares }
}

test('lets more and more visitors meet a release that does well, and then all', async () => {
  const { release, live, shares, edge } = await world()
  expect(await release(2, steps, { canary })).toEqual({ is: 'completed' })
  expect([await live(), shares()]).toEqual([2, [undefined, 0.05, 0.25, 0.5, undefined]])
  expect(edge.drained).toEqual([])
})

test('takes a release back that does worse with a share of the visitors, and waits for what they have in flight', async () => {
  const { release, live, units, shares, edge } = await world({ errors: (number, share) => (number === 2 && share === 0.25 ? 3 : 0) })
  const before = await units()
  expect(await release(2, steps, { canary })).toMatchObject({
    is: 'undone', at: 'try-canary', problem: { code: 'CANARY_BREACHED', message: expect.stringMatching(/^With 25 % of the visitors, release 2 did worse than release 1\. (web|api): \d+ of \d+ answers were 5xx/) as string },
  })
  expect([await live(), shares(), await units()]).toEqual([1, [undefined, 0.05, 0.25, undefined], before])
  expect(edge.drained.map(({ release: number }) => number)).toEqual([2])
})

test('goes on when what is live does as badly', async () => {
  const { release } = await world({ errors: () => 3 })
  expect(await release(2, steps, { canary })).toEqual({ is: 'completed' })
})

test('gives a step twice its time where too few users come to judge by, and then goes on', async () => {
  const { release, clock } = await world({ requests: 0 })
  const before = clock.now()
  expect(await release(2, steps, { canary: [{ share: 0.05, forMs: 60_000 }] })).toEqual({ is: 'completed' })
  expect(clock.now() - before).toBeGreaterThanOrEqual(120_000)
})

test('bears an edge that is away for a moment, and not one that stays away', async () => {
  const down = (until: number) => {
    let n = 0
    return () => {
      n += 1
      if (n > 5 && n < until) throw new PlimsollError('EDGE_DOWN', 'The edge does not answer')
    }
  }
  const away = await world()
  away.edge.beforeCounting(down(10))
  expect(await away.release(2, steps, { canary })).toEqual({ is: 'completed' })
  const gone = await world()
  gone.edge.beforeCounting(down(Infinity))
  expect(await gone.release(2, steps, { canary })).toMatchObject({ is: 'undone', at: 'try-canary', problem: { code: 'EDGE_DOWN' } })
})

test('begins no canary for the first release, which has nobody to be compared with', async () => {
  const { shares } = await world()
  expect(shares()).toEqual([undefined])
})

const reversible = steps.slice(0, steps.findIndex(({ pointOfNoReturn }) => pointOfNoReturn)).map(({ name }) => name)

test.each(reversible)('leaves everything as it was when "%s" fails after it did its work', async (name) => {
  const { release, live, units, edge } = await world()
  const [before, traffic] = [await units(), edge.history(shop).at(-1)]
  expect(await release(2, failingAfter(steps, name), { canary })).toMatchObject({ is: 'undone', at: name })
  expect([await live(), await units()]).toEqual([1, before])
  expect({ ...edge.history(shop).at(-1), fence: 0 }).toEqual({ ...traffic, fence: 0 })
})

test.each(Array.from({ length: steps.length * 2 }, (_, i) => i + 1))('completes a release that died before entry %i was written, and no share ever falls', async (entry) => {
  const { release, live, shares } = await world()
  const { journal, dying } = dyingBefore(entry)
  await expect(release(2, steps, { canary, journal: dying })).rejects.toThrow('power cut')
  expect(await release(2, steps, { canary, journal })).toEqual({ is: 'completed' })
  expect(await live()).toBe(2)
  const met = shares().filter((share) => share !== undefined)
  expect(met).toEqual(met.toSorted())
})
