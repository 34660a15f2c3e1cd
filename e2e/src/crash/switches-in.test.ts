import { expect, test } from 'vitest'
import { releaseSchema, toProblem, type JournalEntry, type ReleaseDetail } from '@plimsoll/model'
import { wallNow } from '../load/load-record.ts'
import { switchesIn, trialsIn } from './switches-in.ts'

const began = Date.parse('2026-01-01T00:00:00.000Z')
const problem = toProblem(new Error('why'))

function detail(number: number, journal: readonly JournalEntry[]): ReleaseDetail {
  const release = releaseSchema.parse({
    app: 'shop', number, kind: 'release', state: 'live', steps: [], startedAt: new Date(began).toISOString(),
    source: { root: '/shop', blueprint: 'render.yaml', dirty: false },
  })
  return { release, journal: [...journal], artifacts: [], verdicts: [], keeps: {} }
}

const at = (seconds: number): string => new Date(began + seconds * 1000).toISOString()
/** On the clock of the load, in seconds since it began, without what is added for rounding. */
const seconds = (time: number): number => Math.round((time - (wallNow() - Date.now()) - began) / 1000)

test('a canary is tried from its beginning to the switch, also where the switch died half way and was made later', () => {
  const died = detail(2, [
    { is: 'started', step: 'try-canary', at: at(10) }, { is: 'started', step: 'try-canary', at: at(20) }, { is: 'done', step: 'try-canary', at: at(30), gives: {} },
    { is: 'started', step: 'shift-traffic', at: at(31) }, { is: 'started', step: 'shift-traffic', at: at(40) }, { is: 'done', step: 'shift-traffic', at: at(41), gives: {} },
  ])
  expect(trialsIn([died]).map(({ release, from, to }) => [release, seconds(from), seconds(to)])).toEqual([[2, 10, 41]])
  expect(switchesIn([died], 1).map(({ before, after, askedAt, acknowledgedAt }) => [before, after, seconds(askedAt), seconds(acknowledgedAt)])).toEqual([[1, 2, 31, 41]])
})

test('a canary that is taken back is over when that is done, and is no switch', () => {
  const back = detail(2, [
    { is: 'started', step: 'try-canary', at: at(10) }, { is: 'failed', step: 'try-canary', at: at(20), problem },
    { is: 'undoing', step: 'try-canary', at: at(21) }, { is: 'undone', step: 'try-canary', at: at(22) },
  ])
  expect(trialsIn([back, detail(3, [])]).map(({ release, from, to }) => [release, seconds(from), seconds(to)])).toEqual([[2, 10, 22]])
  expect(switchesIn([back], 1)).toEqual([])
})
