import { expect, test } from 'vitest'
import type { CrashCase } from '../crash/crash-case.ts'
import type { FailureKind, LoadRecord } from '../load/load-record.ts'
import { openLedger } from './request-ledger.ts'

const peace: CrashCase = { way: 'forward', victim: 'nobody', point: '', pass: 1, afterMs: 0 }
const edge: CrashCase = { ...peace, victim: 'edge', point: 'edge.shift before' }

function broken(is: FailureKind, startedAt: number, endedAt: number): LoadRecord {
  return { id: 1, kind: 'slow', dueAt: startedAt, startedAt, endedAt, hops: [], failure: { is, detail: 'why' } }
}

test('a request that breaks while nobody is killed is lost', () => {
  expect(openLedger(1).enter({ case: peace, from: 0, goneAt: undefined, to: 100 }, [broken('cut', 10, 20)], [])).toEqual({ lost: ['cut #1 slow: why'], spilled: 0 })
})

test('what breaks with a killed edge goes with it, also where it ends only during the release after; what begins later does not', () => {
  const ledger = openLedger(1)
  expect(ledger.enter({ case: edge, from: 0, goneAt: 50, to: 1_000 }, [broken('reset', 10, 20)], [])).toEqual({ lost: [], spilled: 1 })
  const next = [broken('timeout', 350, 15_350), broken('timeout', 351, 15_351)]
  expect(ledger.enter({ case: peace, from: 1_001, goneAt: undefined, to: 16_000 }, next, [])).toEqual({ lost: ['timeout #1 slow: why'], spilled: 1 })
})

test('a killed instance takes along what was under way to it, and nothing that comes after', () => {
  const instance: CrashCase = { ...edge, victim: 'live instance' }
  expect(openLedger(1).enter({ case: instance, from: 0, goneAt: 50, to: 1_000 }, [broken('status', 50, 60), broken('status', 51, 60)], [])).toEqual({ lost: ['status #1 slow: why'], spilled: 1 })
})

test('nothing excuses a write that arrived twice', () => {
  expect(openLedger(1).enter({ case: edge, from: 0, goneAt: 50, to: 100 }, [broken('duplicated', 10, 20)], []).lost).toEqual(['duplicated #1 slow: why'])
})
