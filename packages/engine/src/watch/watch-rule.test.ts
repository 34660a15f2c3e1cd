import type { Tally } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { compareTallies } from './watch-rule.ts'

const tally = (requests: number, { errors = 0, broken = 0, p95Ms = 20 }: Partial<Tally> = {}): Tally => ({ requests, errors, broken, p95Ms: requests === 0 ? null : p95Ms })
const clean = tally(1000)

const cases: readonly { title: string; now: Tally; before: Tally; is: string; ailment?: string }[] = [
  { title: 'no bad answer at all', now: tally(500), before: clean, is: 'well' },
  { title: 'one bad answer of twenty, which is chance', now: tally(20, { errors: 1 }), before: clean, is: 'well' },
  { title: 'four of twenty, which is not', now: tally(20, { errors: 4 }), before: clean, is: 'worse', ailment: 'errors' },
  { title: 'a third of the answers', now: tally(300, { errors: 100 }), before: clean, is: 'worse', ailment: 'errors' },
  { title: 'every answer', now: tally(40, { errors: 40 }), before: clean, is: 'worse', ailment: 'errors' },
  { title: 'every answer of nineteen, which are too few', now: tally(19, { errors: 19 }), before: clean, is: 'few' },
  { title: 'no request', now: tally(0), before: clean, is: 'few' },
  { title: 'half a percent, where there was none: the noise of every site', now: tally(4000, { errors: 20 }), before: clean, is: 'well' },
  { title: 'four percent of many', now: tally(4000, { errors: 160 }), before: clean, is: 'worse', ailment: 'errors' },
  { title: 'a third, as before', now: tally(300, { errors: 100 }), before: tally(1000, { errors: 330 }), is: 'as-bad', ailment: 'errors' },
  { title: 'all, where it was a third before', now: tally(300, { errors: 300 }), before: tally(1000, { errors: 330 }), is: 'worse', ailment: 'errors' },
  { title: 'a third, where nobody asked before', now: tally(300, { errors: 100 }), before: tally(0), is: 'worse', ailment: 'errors' },
  { title: 'a third, where the three requests before went badly: they say nothing', now: tally(300, { errors: 100 }), before: tally(3, { errors: 3 }), is: 'worse', ailment: 'errors' },
  { title: 'connections that break', now: tally(100, { broken: 15 }), before: clean, is: 'worse', ailment: 'broken' },
  { title: 'more breaks than requests, as when each was tried twice', now: tally(50, { broken: 90 }), before: clean, is: 'worse', ailment: 'broken' },
  { title: 'connections that break as they did', now: tally(100, { broken: 15 }), before: tally(1000, { broken: 160 }), is: 'as-bad', ailment: 'broken' },
  { title: 'ten times slower and noticeable', now: tally(200, { p95Ms: 800 }), before: tally(1000, { p95Ms: 80 }), is: 'worse', ailment: 'slow' },
  { title: 'ten times slower, which nobody notices', now: tally(200, { p95Ms: 100 }), before: tally(1000, { p95Ms: 10 }), is: 'well' },
  { title: 'slower by half a second, where it was slow', now: tally(200, { p95Ms: 2500 }), before: tally(1000, { p95Ms: 2000 }), is: 'well' },
  { title: 'slower, by too few to say', now: tally(60, { p95Ms: 3000 }), before: clean, is: 'well' },
  { title: 'slower, where too few were measured before', now: tally(600, { p95Ms: 3000 }), before: tally(60), is: 'well' },
]

test.each(cases)('$title: $is', ({ now, before, is, ailment }) => {
  expect(compareTallies(now, before)).toMatchObject({ is, ...(ailment !== undefined && { ailment }) })
})

test('says the numbers that it judged by', () => {
  expect(compareTallies(tally(300, { errors: 100 }), tally(1000, { errors: 1 })).text).toBe('100 of 300 answers were 5xx (33 %; before: 0.1 %)')
  expect(compareTallies(tally(200, { p95Ms: 800 }), tally(1000, { p95Ms: 80 })).text).toBe('19 of 20 answers came within 800 ms; before: 80 ms')
})
