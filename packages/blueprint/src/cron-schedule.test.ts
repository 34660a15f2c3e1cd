import { expect, test } from 'vitest'
import { faultOfSchedule } from './cron-schedule.ts'

test.each(['* * * * *', '*/5 * * * *', '0 3 * * *', '0,30 9-17 * * mon-fri', '5/15 0 1 jan,JUL 7', '  0 0 1 1 0  '])('takes %j', (schedule) => {
  expect(faultOfSchedule(schedule)).toBeUndefined()
})

test.each([
  ['@daily', 'five fields'],
  ['* * * *', 'not 4'],
  ['0 0 0 * * *', 'not 6'],
  ['60 * * * *', 'minute'],
  ['* 24 * * *', 'hour'],
  ['* * 0 * *', 'day of the month'],
  ['* * * 13 *', 'month'],
  ['* * * * 8', 'day of the week'],
  ['*/0 * * * *', 'minute'],
  ['5-1 * * * *', 'minute'],
  ['1- * * * *', 'minute'],
  ['*/5/5 * * * *', 'minute'],
  [', * * * *', 'minute'],
  ['* * * mon *', 'month'],
])('says of %j that %s is at fault', (schedule, fault) => {
  expect(faultOfSchedule(schedule)).toContain(fault)
})
