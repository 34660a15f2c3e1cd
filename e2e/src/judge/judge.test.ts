import { describe, expect, test } from 'vitest'
import { failureKinds, type Hop, type LoadRecord } from '../load/load-record.ts'
import { faultKinds, type FaultKind } from './fault.ts'
import { judge, type Judgement } from './judge.ts'
import { renderJudgement } from './render-judgement.ts'
import { sharedUnits, type SharedUnits } from './served-by.ts'
import type { SwitchRecord } from './switch-record.ts'

const toTwo: SwitchRecord = { before: 1, after: 2, askedAt: 1000, acknowledgedAt: 1010 }
let ids = 0

function hop(release: number, startedAt: number, more: Partial<Hop> = {}): Hop {
  return { what: 'GET /', startedAt, headAt: startedAt + 5, endedAt: startedAt + 6, status: 200, servedBy: `shop-web-r${release}-x`, ...more }
}

function arrival(hops: readonly Hop[], more: Partial<LoadRecord> = {}): LoadRecord {
  const startedAt = Math.min(...hops.map((one) => one.startedAt))
  const endedAt = Math.max(...hops.map((one) => one.endedAt))
  return { id: (ids += 1), kind: 'kept', dueAt: startedAt, startedAt, endedAt, hops, ...more }
}

/** In flight across the switch at 1000, and answered by the release that it reached. */
const across = arrival([hop(1, 900, { headAt: 2000, endedAt: 2001 })], { kind: 'slow' })

function judged(records: readonly LoadRecord[], switches: readonly SwitchRecord[] = [toTwo], shared: SharedUnits = new Map()): Judgement {
  return judge({ records: [across, ...records], first: 1, switches, streamGraceMs: 500, shared })
}

function counted(judgement: Judgement): Partial<Record<FaultKind, number>> {
  return Object.fromEntries(faultKinds.filter((kind) => judgement.counts[kind] > 0).map((kind) => [kind, judgement.counts[kind]]))
}

test('holds when every answer came from a release that could have taken its request', () => {
  const judgement = judged([arrival([hop(1, 100)]), arrival([hop(1, 996)]), arrival([hop(2, 1003)]), arrival([hop(2, 1100)])])
  expect(counted(judgement)).toEqual({})
  expect(judgement.held).toBe(true)
})

test.each(failureKinds)('fails for one arrival that ended as %s', (is) => {
  const judgement = judged([arrival([hop(2, 1100)], { failure: { is, detail: 'told' } })])
  expect(counted(judgement)).toEqual({ [is]: 1 })
  expect(judgement.held).toBe(false)
  expect(judgement.examples[is]).toEqual([expect.objectContaining({ is, detail: 'told' })])
})

describe('while a share of the visitors tries a release', () => {
  const trial = { release: 2, from: 500, to: 1010 }
  const tried = (hops: readonly Hop[], switches: readonly SwitchRecord[], to = trial.to): Partial<Record<FaultKind, number>> => {
    return counted(judge({ records: [across, ...hops.map((one) => arrival([one]))], first: 1, switches, trials: [{ ...trial, to }], streamGraceMs: 500 }))
  }

  test('both releases answer in turn, and nothing is blended but a page with data of the other', () => {
    expect(tried([hop(2, 600), hop(1, 700), hop(2, 800), hop(1, 990), hop(2, 1100)], [toTwo])).toEqual({})
    expect(tried([hop(2, 600, { dataServedBy: 'shop-api-r1-x' })], [toTwo])).toEqual({ blended: 1 })
  })

  test('nobody meets it before, and nobody who asks after it was taken back', () => {
    expect(tried([hop(2, 480)], [toTwo])).toEqual({ blended: 1 })
    expect(tried([hop(2, 600), hop(2, 790)], [], 800)).toEqual({})
    expect(tried([hop(2, 810)], [], 800)).toMatchObject({ stale: 1 })
  })
})

describe('stale', () => {
  test('is an answer of the previous release to a request sent after the acknowledgment', () => {
    expect(counted(judged([arrival([hop(1, 1011)])]))).toEqual({ stale: 1 })
  })

  test('is not an answer to a request sent before the acknowledgment, however late it came', () => {
    expect(counted(judged([arrival([hop(1, 1009, { headAt: 9000, endedAt: 9001 })])]))).toEqual({})
  })

  test('is not an answer by the release that the request is pinned to', () => {
    expect(counted(judged([arrival([hop(1, 1500, { pinnedTo: 'shop-web-r1-x' })])]))).toEqual({})
  })

  test('is an answer to a pinned request by a third release', () => {
    const toThree = { before: 2, after: 3, askedAt: 3000, acknowledgedAt: 3010 }
    const bridge = arrival([hop(2, 2900, { headAt: 4000, endedAt: 4001 })])
    expect(counted(judged([bridge, arrival([hop(1, 3500, { pinnedTo: 'shop-web-r2-x' })])], [toTwo, toThree]))).toEqual({ stale: 1 })
  })

  test('is not an answer of a release that was switched back to', () => {
    const back = { before: 2, after: 1, askedAt: 3000, acknowledgedAt: 3010 }
    const bridge = arrival([hop(2, 2900, { headAt: 4000, endedAt: 4001 })])
    expect(counted(judged([bridge, arrival([hop(1, 3500)])], [toTwo, back]))).toEqual({})
    expect(counted(judged([bridge, arrival([hop(2, 3500)])], [toTwo, back]))).toEqual({ stale: 1 })
  })

  test('is not a static file, whose name says which release it is of', () => {
    expect(counted(judged([arrival([hop(1, 1500, { asset: true })])]))).toEqual({})
  })
})

describe('blended', () => {
  test('is a page of one release with data of another', () => {
    expect(counted(judged([arrival([hop(2, 1500, { dataServedBy: 'shop-api-r1-x' })])]))).toEqual({ blended: 1 })
  })

  test('is an answer of the old release to a request sent after an answer of the new one, even before the acknowledgment', () => {
    const slowSwitch = { before: 1, after: 2, askedAt: 1000, acknowledgedAt: 1900 }
    expect(counted(judged([arrival([hop(2, 1100)]), arrival([hop(1, 1200, { servedBy: 'shop-api-r1-x' })])], [slowSwitch]))).toEqual({ blended: 1 })
  })

  test('is not an answer of the old release to a request that overlaps with an answer of the new one', () => {
    expect(counted(judged([arrival([hop(2, 1001)]), arrival([hop(1, 1005)])]))).toEqual({})
  })

  test('is an answer of the new release before it was switched to', () => {
    expect(counted(judged([arrival([hop(2, 900)])]))).toEqual({ blended: 1 })
  })

  test('is an answer of a release that never was switched to', () => {
    expect(counted(judged([arrival([hop(7, 1500)])]))).toEqual({ blended: 1 })
  })
})

describe('hung up', () => {
  test('is a stream that the server ended within the grace', () => {
    expect(counted(judged([arrival([hop(1, 800, { endedAt: 1400, serverClosed: { at: 1400, code: 1012 } })])]))).toEqual({ 'hung-up': 1 })
  })

  test('is not a stream that the server ended when the grace was over', () => {
    expect(counted(judged([arrival([hop(1, 800, { endedAt: 1600, serverClosed: { at: 1600, code: 1012 } })])]))).toEqual({})
  })

  test('is a stream that ended while its release served', () => {
    expect(counted(judged([arrival([hop(2, 1100, { endedAt: 9000, serverClosed: { at: 9000 } })])]))).toEqual({ 'hung-up': 1 })
  })
})

test('an answer that does not say who gave it fails the run', () => {
  const { servedBy: _, ...nameless } = hop(2, 1500)
  expect(counted(judged([arrival([nameless])]))).toEqual({ anonymous: 1 })
  expect(counted(judged([arrival([hop(2, 1500, { servedBy: 'somebody' })])]))).toEqual({ anonymous: 1 })
})

test('a run in which nothing arrived proves nothing', () => {
  const judgement = judge({ records: [], first: 1, switches: [], streamGraceMs: 0 })
  expect(judgement).toMatchObject({ held: false, gaps: ['nothing arrived'] })
})

test('a switch that nothing was in flight across proves nothing', () => {
  const later = { before: 2, after: 3, askedAt: 5000, acknowledgedAt: 5010 }
  const judgement = judged([arrival([hop(2, 1500)])], [toTwo, later])
  expect(judgement.held).toBe(false)
  expect(judgement.gaps).toEqual(['nothing was in flight across switch 2 (2 → 3)'])
})

test('a list of switches that does not follow from one to the next is refused', () => {
  expect(() => judged([], [toTwo, { before: 5, after: 6, askedAt: 2000, acknowledgedAt: 2001 }])).toThrow(RangeError)
})

test('the text names the counts and the first ten examples of each kind', () => {
  const many = Array.from({ length: 12 }, () => arrival([hop(1, 1500)]))
  const text = renderJudgement(judged(many))
  expect(text).toMatch(/^NOT HELD: 13 arrivals, 12 stale$/m)
  expect(text.match(/^ {2}stale /gm)).toHaveLength(10)
})

describe('a unit that two releases share', () => {
  const shared = sharedUnits('shop', new Map([[2, { api: 1 }]]))
  const byApi = { servedBy: 'shop-api-r1-x' }

  test('may answer for either of them', () => {
    const judgement = judged([arrival([hop(1, 500, byApi)]), arrival([hop(1, 1500, byApi)]), arrival([hop(2, 1500, { dataServedBy: 'shop-api-r1-x' })])], [toTwo], shared)
    expect(counted(judgement)).toEqual({})
  })

  test('is stale once both are over, and the units beside it as before', () => {
    const toThree: SwitchRecord = { before: 2, after: 3, askedAt: 3000, acknowledgedAt: 3010 }
    const later = arrival([hop(2, 2900, { headAt: 4000, endedAt: 4001 })], { kind: 'slow' })
    expect(counted(judged([later, arrival([hop(1, 3500, byApi)])], [toTwo, toThree], shared))).toEqual({ stale: 1 })
    expect(counted(judged([arrival([hop(1, 1500)])], [toTwo], shared))).toEqual({ stale: 1 })
  })

  test('does not excuse a page with data of a release that it is not', () => {
    expect(counted(judged([arrival([hop(2, 1500, { dataServedBy: 'shop-stock-r1-x' })])], [toTwo], shared))).toEqual({ blended: 1 })
  })
})
