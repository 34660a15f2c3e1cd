import { trafficPictureSchema, type TrafficEvent, type TrafficPicture } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { drawingOf } from './drawing.ts'
import { trafficSentence } from './sentence.ts'
import { withTrafficEvent } from './with-event.ts'

const at = (second: number): string => new Date(Date.parse('2026-11-27T12:00:00.000Z') + second * 1_000).toISOString()
const tally = (release: number, requests: number, more: { errors?: number; broken?: number; p95Ms?: number | null } = {}) => ({ release, requests, errors: 0, broken: 0, p95Ms: 40, ...more })

function picture(given: Partial<Record<keyof TrafficPicture, unknown>>): TrafficPicture {
  return trafficPictureSchema.parse({ painting: false, points: [], phases: [], restarts: [], ...given })
}

const phase = (second: number, live: number | null, releases: unknown[]) => ({ from: at(second), forMs: 10_000, live, canary: null, releases })

test('the sentence tells failures of all requests, and times before and after', () => {
  const well = picture({ phases: [phase(0, 1, [tally(1, 2_418, { p95Ms: 38 })]), phase(10, 2, [tally(1, 3), tally(2, 9_997, { p95Ms: 41 })])] })
  expect(trafficSentence(well)).toBe('0 of 12,418 requests failed; p95 at most 38 ms before, 41 ms after.')
})

test('the sentence does not call a broken connection a failed request, and leaves no error out', () => {
  const badly = picture({ phases: [phase(0, 1, [tally(1, 100, { broken: 1 })]), phase(10, 2, [tally(2, 100, { errors: 3, broken: 1 })])] })
  expect(trafficSentence(badly)).toMatch(/^3 of 200 requests were answered with an error, and 2 connections to instances broke; /)
  expect(trafficSentence(picture({ phases: [phase(0, 1, [tally(1, 1, { errors: 1, p95Ms: 5 })])] }))).toBe('1 of 1 request was answered with an error.')
})

test('the sentence keeps percentiles of a handful to itself, and says what is not known', () => {
  const few = picture({ phases: [phase(0, null, []), phase(10, 1, [tally(1, 5)])], restarts: [at(3)] })
  expect(trafficSentence(few)).toBe('0 of 5 requests failed. The edge died once meanwhile and was followed at once: what it had counted in the second before is not known.')
  expect(trafficSentence(picture({ phases: [phase(0, 1, [])] }))).toBe('No request came to the app.')
})

test('each release has a level a stretch, requests in a second whatever the stretch is', () => {
  const { rates, mostPerSecond, releases } = drawingOf(picture({
    points: [{ from: at(0), forMs: 1_000, releases: [tally(1, 50)] }, { from: at(1), forMs: 3_000, releases: [tally(1, 75), tally(2, 150)] }],
    phases: [phase(0, 1, []), phase(1, 2, [])],
  }))
  expect(releases).toEqual([1, 2])
  expect(mostPerSecond).toBe(50)
  expect(rates).toEqual([{ key: '1', d: 'M0 0L250 0L250 50L1000 50' }, { key: '2', d: 'M250 0L1000 0' }])
})

test('a stretch without answers has no time, and failures stand on each other', () => {
  const { times, errors, broken, mostBad } = drawingOf(picture({
    points: [0, 1, 2].map((second) => ({ from: at(second), forMs: 1_000, releases: second === 1 ? [] : [tally(1, 5, second === 2 ? { errors: 3, broken: 1, p95Ms: 100 } : { p95Ms: 50 })] })),
    phases: [phase(0, 1, [])],
  }))
  expect(times).toEqual([{ key: '1', d: 'M0 50L333.3 50M666.7 0L1000 0' }])
  expect([errors, broken, mostBad]).toEqual(['M666.7 100V25H1000V100Z', 'M666.7 25V0H1000V25Z', 4])
})

test('each phase after the first has a mark, which says what changed', () => {
  const canary = (second: number, share: number) => ({ ...phase(second, 1, []), canary: { release: 2, share } })
  const { marks } = drawingOf(picture({
    points: [{ from: at(0), forMs: 60_000, releases: [] }],
    phases: [phase(0, 1, []), canary(10, 0.05), canary(20, 0.255), phase(30, 1, []), phase(40, 2, []), phase(50, 1, [])],
  }))
  expect(marks.map(({ words }) => words)).toEqual(['5 % meet release 2', '25.5 % meet release 2', 'all back on release 1', 'release 2 live', 'back to release 1'])
  expect(marks[0]?.at).toBe(166.7)
})

test('a release that nobody asks for a while is at zero then, and is not drawn where it was not asked yet or is not any more', () => {
  const { rates } = drawingOf(picture({ points: [0, 1, 2, 3, 4].map((second) => ({ from: at(second), forMs: 1_000, releases: [tally(2, 10), ...(second === 1 || second === 3 ? [tally(1, 5)] : [])] })), phases: [] }))
  expect(rates[0]).toEqual({ key: '1', d: 'M200 50L400 50L400 100L600 100L600 50L800 50' })
})

test('a point takes the place of the last one when it begins where that does, and what is too old goes', () => {
  const point = (second: number, requests: number) => ({ from: at(second), forMs: 1_000, releases: [tally(1, requests)] })
  const told = (second: number, requests: number) => ({ event: 'point', data: { point: point(second, requests), phases: [phase(1, 1, [])], restarts: [] } }) as unknown as TrafficEvent
  const whole = picture({ painting: true, points: [point(0, 1), point(1, 2), point(2, 3)] })
  expect(withTrafficEvent(withTrafficEvent(whole, told(2, 9)), told(3, 4))?.points.map(({ releases }) => releases[0]?.requests)).toEqual([2, 9, 4])
  expect(withTrafficEvent(undefined, told(2, 9))).toBeUndefined()
  expect(withTrafficEvent(whole, { event: 'end', data: picture({}) })).toEqual(picture({}))
})

test('an empty picture is drawn without a fault', () => {
  expect(drawingOf(picture({}))).toMatchObject({ releases: [], rates: [], errors: '', marks: [] })
})
