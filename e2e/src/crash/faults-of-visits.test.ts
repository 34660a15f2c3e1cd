import { expect, test } from 'vitest'
import type { Visit } from '../load/start-visitors.ts'
import { faultsOfVisits } from './faults-of-visits.ts'

const went = { before: 1, isBack: false, maySpill: false }

function visit(...releases: readonly number[]): Visit {
  return { hops: releases.map((release) => ({ what: 'GET /', startedAt: 0, endedAt: 1, status: 200, servedBy: `shop-web-r${release}-0` })) }
}

test('a visitor moves forward, however late', () => {
  expect(faultsOfVisits([visit(1, 1, 2), visit(1), visit(2, 2)], went)).toEqual([])
})

test('a visitor who meets a release again has gone to and fro, but for what served before where the other was taken back', () => {
  const [back, again] = [visit(1, 2, 1), visit(1, 2, 1, 2)]
  expect(faultsOfVisits([back, again], went)).toEqual(['a visitor went to and fro: 1, 2, 1', 'a visitor went to and fro: 1, 2, 1, 2'])
  expect(faultsOfVisits([back, again], { ...went, isBack: true })).toEqual(['a visitor went to and fro: 1, 2, 1, 2'])
})

test('a failure counts, unless somebody was killed who may take it with him', () => {
  const broken: Visit = { hops: [{ what: 'GET /', startedAt: 0, endedAt: 1, failure: { is: 'reset', detail: 'why' } }] }
  expect(faultsOfVisits([broken], went)).toEqual(["a visitor's GET /: reset, why"])
  expect(faultsOfVisits([broken], { ...went, maySpill: true })).toEqual([])
})
