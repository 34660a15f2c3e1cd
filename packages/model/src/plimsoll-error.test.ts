import { expect, test } from 'vitest'
import { errorCodes } from './error-codes.ts'
import { fromProblem, isPlimsollError, PlimsollError, problemSchema, toProblem } from './plimsoll-error.ts'

test('an error survives the way over a border and back', () => {
  const error = new PlimsollError('PORT_TAKEN', 'Port 80 is taken', { hint: 'Use another', details: { port: 80 } })
  const problem = problemSchema.parse(JSON.parse(JSON.stringify(toProblem(error))))
  expect(fromProblem(problem)).toMatchObject({ code: 'PORT_TAKEN', message: 'Port 80 is taken', hint: 'Use another', details: { port: 80 } })
})

test('whatever else is thrown is a bug of ours', () => {
  expect(toProblem(new TypeError('x is not a function'))).toMatchObject({ code: 'BUG', message: 'x is not a function' })
  expect(toProblem('text')).toEqual({ code: 'BUG', message: 'text' })
})

test.each(['ENOSPC', 'EDQUOT'])('%s is a full disk wherever it comes up, and never a bug', (code) => {
  const error = Object.assign(new Error(`${code}: no space left on device, open '/home/x'`), { code, path: '/home/x' })
  expect(toProblem(error)).toEqual({ code: 'DISK_FULL', message: 'The disk is full: /home/x could not be written', hint: 'Free some space: df -h' })
})

test('an error is known by its brand and not by its class', () => {
  const foreign = Object.assign(new Error('from another copy of this module'), { [Symbol.for('plimsoll.error')]: true, code: 'USAGE' })
  expect(isPlimsollError(foreign)).toBe(true)
  expect(isPlimsollError(new Error('no'))).toBe(false)
})

test('no failure of a kind that a person can act on looks like success or like a bug', () => {
  for (const [code, { status, exit }] of Object.entries(errorCodes)) {
    if (code === 'BUG') continue
    expect([status >= 400, status !== 500, exit > 0, exit !== 70]).toEqual([true, true, true, true])
  }
})
