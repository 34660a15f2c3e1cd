import { expect, test } from 'vitest'
import { PlimsollError, releaseSchema, toProblem, type Release, type ReleaseEvent } from '@plimsoll/model'
import { untruths } from './untruths.ts'

const begun = releaseSchema.parse({
  app: 'shop', number: 3, kind: 'release', state: 'releasing', steps: [], startedAt: '2026-01-01T00:00:00.000Z',
  source: { root: '/shop', blueprint: 'render.yaml', dirty: false },
})
const problem = toProblem(new PlimsollError('EDGE_DOWN', 'The edge is down'))
const completed: Release = { ...begun, state: 'live', outcome: { is: 'completed' } }
const undone: Release = { ...begun, state: 'undone', outcome: { is: 'undone', at: 'shift-traffic', problem } }
const wentBack: Release = { ...completed, state: 'retired', outcome: { is: 'rolled-back', problem } }
const seen: readonly ReleaseEvent[] = [{ event: 'entry', id: 1, data: { is: 'started', step: 'build', at: begun.startedAt } }]

test('a command that tells what the store says tells no untruth, be it good or bad', () => {
  expect(untruths({ code: 0, events: seen, release: completed, problem: undefined }, completed)).toEqual([])
  expect(untruths({ code: 44, events: seen, release: undone, problem }, undone)).toEqual([])
})

test('success of a release that was taken back is an untruth, and failure of one that is live', () => {
  expect(untruths({ code: 0, events: seen, release: completed, problem: undefined }, undone)).toEqual(['the command told that release 3 was completed, and the store says undone', 'the command ended with 0, and the store says undone'])
  expect(untruths({ code: 44, events: seen, release: undefined, problem }, completed)).toEqual(['the command ended with 44 (EDGE_DOWN), and the store says completed'])
  expect(untruths({ code: 0, events: [], release: undefined, problem: undefined }, undefined)).toEqual(['the command ended with 0, and the store says never began'])
})

test('a command that was killed, lost sight of its release, or never saw one has claimed nothing about it', () => {
  const away = toProblem(new PlimsollError('API_UNREACHABLE', 'Plimsoll went away'))
  expect(untruths({ code: null, events: seen, release: undefined, problem: undefined }, completed)).toEqual([])
  expect(untruths({ code: 45, events: seen, release: undefined, problem: away }, completed)).toEqual([])
  expect(untruths({ code: 44, events: [], release: undefined, problem }, completed)).toEqual([])
})

test('that a release was live is no untruth when it went back later; success of the whole command is one', () => {
  const away = toProblem(new PlimsollError('API_UNREACHABLE', 'Plimsoll went away'))
  expect(untruths({ code: 45, events: seen, release: completed, problem: away }, wentBack)).toEqual([])
  expect(untruths({ code: 0, events: seen, release: completed, problem: undefined }, wentBack)).toEqual(['the command ended with 0, and the store says rolled-back'])
})
