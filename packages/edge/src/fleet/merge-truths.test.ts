import { appNameSchema, releaseNumberSchema, trafficSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { digestOf, mayFollow } from '../member/may-follow.ts'
import { tableOf } from '../table/table.ts'
import { type Truth, withPause, withRemoval, withShift } from '../table/truth.ts'
import { mergeTruths } from './merge-truths.ts'

const [shop, other] = [appNameSchema.parse('shop'), appNameSchema.parse('other')]
const nothing: Truth = { table: tableOf([]), fences: new Map(), cutOffs: new Map(), generation: 0 }
const shifted = (truth: Truth, { app = shop, release, fence, cutOff }: { readonly app?: typeof shop; readonly release: number; readonly fence: number; readonly cutOff?: number }): Truth => {
  const live = { release, targets: {}, deploymentIds: {} }
  return next(withShift(truth, trafficSchema.parse({ app, fence, entries: { web: { port: app === shop ? 4100 : 4200, hosts: [] } }, live, previous: [], ...(cutOff !== undefined && { cutOff }) })))
}
const next = (truth: Truth): Truth => ({ ...truth, generation: truth.generation + 1 })
const liveIn = ({ table }: Truth, app = shop): number | undefined => table.apps.get(app)?.live.release
const both = (one: Truth, two: Truth): Truth => {
  const merged = mergeTruths(one, two)
  expect(digestOf(mergeTruths(two, one))).toBe(digestOf(merged))
  return merged
}

test('of two tables the newer one holds, as it is', () => {
  const older = shifted(nothing, { release: 1, fence: 1 })
  const newer = shifted(older, { release: 2, fence: 1 })
  expect(digestOf(both(older, newer))).toBe(digestOf(newer))
})

test('a newer table does not take an app back before a fence that the other has seen', () => {
  const base = shifted(nothing, { release: 1, fence: 1 })
  const fenced = shifted(base, { release: 2, fence: 5 })
  const newer = next(next(shifted(base, { app: other, release: 7, fence: 1 })))
  const merged = both(fenced, newer)
  expect([liveIn(merged), liveIn(merged, other), merged.fences.get(shop)]).toEqual([2, 7, 5])
  for (const each of [fenced, newer]) expect(() => mayFollow(each, merged)).not.toThrow()
})

test('an app that was removed under a higher fence stays removed, and what held it is gone', () => {
  const held = next(withPause(shifted(nothing, { release: 1, fence: 1 }), { app: shop, fence: 1, pause: { since: '2026-01-01T00:00:00.000Z', until: '2026-01-01T00:00:30.000Z', atEnd: 'serve' } }))
  const removed = next(withRemoval(shifted(nothing, { release: 1, fence: 1 }), shop, 3))
  const merged = both(removed, next(next(held)))
  expect([liveIn(merged), merged.table.holds.size, merged.fences.get(shop)]).toEqual([undefined, 0, 3])
})

test('two changes of one number, made by two who did not know of each other, become one table that both can follow', () => {
  const base = shifted(nothing, { release: 1, fence: 1 })
  const [one, two] = [shifted(base, { release: 2, fence: 2 }), shifted(base, { app: other, release: 7, fence: 1 })]
  const merged = both(one, two)
  expect([liveIn(merged), liveIn(merged, other)]).toEqual([2, 7])
  for (const each of [one, two]) expect(() => mayFollow(each, merged)).not.toThrow()
})

test('a cut-off that one has seen is not lost', () => {
  const cut = shifted(nothing, { release: 3, fence: 1, cutOff: 2 })
  const newer = next(next(shifted(nothing, { release: 3, fence: 1 })))
  expect(both(cut, newer).cutOffs).toEqual(new Map([[shop, releaseNumberSchema.parse(2)]]))
})

test('an edge follows a newer table and the same one, and none that is older, another of the same number, or behind a fence or a cut-off', () => {
  const own = shifted(nothing, { release: 2, fence: 5, cutOff: 1 })
  expect(() => mayFollow(own, own)).not.toThrow()
  expect(() => mayFollow(own, shifted(own, { release: 3, fence: 5 }))).not.toThrow()
  const [older, sameNumber] = [{ ...own, generation: 0 }, { ...shifted(own, { release: 3, fence: 5 }), generation: own.generation }]
  const [behind, uncut] = [next(shifted(nothing, { release: 3, fence: 4, cutOff: 1 })), next(shifted(nothing, { release: 3, fence: 5 }))]
  for (const refused of [older, sameNumber, behind, uncut]) expect(() => mayFollow(own, refused)).toThrow(expect.objectContaining({ code: 'FENCED_OFF' }))
})
