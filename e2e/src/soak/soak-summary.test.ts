import { expect, test } from 'vitest'
import type { SoakResult } from './soak-result.ts'
import { summarize } from './soak-summary.ts'

const quiet: SoakResult = {
  case: { way: 'forward', victim: 'nobody', point: '', pass: 1, afterMs: 0 },
  outcome: 'completed', problem: undefined, wrong: [], untruths: [], goneAt: undefined, from: 0, to: 2000, arrived: 60, lost: [], spilled: 0,
  sizes: [{ role: 'edge', pid: 1, megabytes: 60, files: 30 }, { role: 'API', pid: 2, megabytes: 100, files: 40 }],
}
const hit: SoakResult = { ...quiet, case: { ...quiet.case, victim: 'edge', point: 'edge.shift before' }, outcome: 'undone', to: 5000, spilled: 3 }

test('a run in which all held misses nothing, and tells what happened by who was hit', () => {
  const { text, missed } = summarize([quiet, hit, quiet, hit], 4)
  expect(missed).toEqual([])
  expect(text).toContain('4 of 4 releases, 2 of them with a fault, under 240 requests of the load.')
  expect(text).toContain('| nobody | 2 | 2 completed | 0 | 0 | 0 | 0 | 2.0 s | 2.0 s |')
  expect(text).toContain('| edge | 2 | 2 undone | 0 | 6 | 0 | 0 | 5.0 s | 5.0 s |')
  expect(text).toContain('| all | 4 | 2 completed, 2 undone | 0 | 6 | 0 | 0 | 5.0 s | 5.0 s |')
})

test('one lost request, one untruth and one thing left behind are each a miss that names its release', () => {
  const { missed } = summarize([quiet, { ...quiet, lost: ['cut #4 page: why'] }, { ...hit, untruths: ['it lied'] }, { ...hit, wrong: ['a file'] }], 4)
  expect(missed).toEqual(['release 2: cut #4 page: why', 'release 3: it lied', 'release 4: a file'])
})

test('a run that was cut short misses its bar and says how far it came', () => {
  const { text, missed } = summarize([quiet], 300)
  expect(missed).toEqual(['it was cut short after 1 of 300 releases'])
  expect(text).toContain('1 of 300 releases')
  expect(summarize([], 300).missed).toEqual(['it was cut short after 0 of 300 releases'])
})

test('memory that grows from release to release is a miss, and memory that wavers is not', () => {
  const of = (megabytes: (at: number) => number): readonly SoakResult[] => Array.from({ length: 40 }, (_, at) => ({ ...quiet, sizes: [{ role: 'edge', pid: 1, megabytes: megabytes(at), files: 30 }] }))
  expect(summarize(of((at) => 60 + at / 2), 40).missed).toEqual([])
  expect(summarize(of((at) => 60 + 2 * at), 40).missed).toEqual(['edge, memory grew from 70 MB to 130 MB'])
  expect(summarize(of((at) => 60 + (at % 3) * 20), 40).missed).toEqual([])
})
