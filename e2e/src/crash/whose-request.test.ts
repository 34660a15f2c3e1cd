import { expect, test } from 'vitest'
import type { LoadRecord } from '../load/load-record.ts'
import type { CrashCase } from './crash-case.ts'
import { whoseRequest } from './whose-request.ts'

const api: CrashCase = { way: 'forward', victim: 'api', point: 'edge.shift before', pass: 1, afterMs: 0 }
const cases = [{ case: api, from: 100 }, { case: api, from: 200 }, { case: { ...api, victim: 'machine' as const }, from: 300 }, { case: api, from: 400 }]

function request(startedAt: number, endedAt: number, breaks = false): LoadRecord {
  return { id: 1, kind: 'slow', dueAt: startedAt, startedAt, endedAt, hops: [], ...(breaks && { failure: { is: 'reset', detail: 'why' } as const }) }
}

test('a request belongs to the case in which it began, however long it took', () => {
  expect([request(150, 160), request(150, 350), request(450, 900), request(50, 60)].map((one) => whoseRequest(cases, one))).toEqual([0, 0, 3, 0])
})

test('one that broke belongs to the case that took it along, and to its own where none did', () => {
  expect([request(250, 310, true), request(150, 450, true), request(150, 250, true), request(350, 360, true), request(410, 500, true)].map((one) => whoseRequest(cases, one))).toEqual([2, 2, 0, 2, 3])
})
