import { expect, test } from 'vitest'
import { type Failure, mayRepeat, type Repeatable } from './may-repeat.ts'

const idleClose: Failure = { connected: true, reused: true, bytesRead: 0, stalled: false }
const get: Repeatable = { idempotent: true, hasBody: false, repeated: false, others: false }

test.each<[string, Failure, Repeatable, string]>([
  ['a refused connection', { ...idleClose, connected: false }, get, 'another-address'],
  ['a refused connection for a POST with a body', { ...idleClose, connected: false, reused: false }, { ...get, idempotent: false, hasBody: true }, 'another-address'],
  ['a used socket that closed without a byte', idleClose, get, 'again'],
  ['the same a second time', idleClose, { ...get, repeated: true }, 'no'],
  ['the same for a POST', idleClose, { ...get, idempotent: false }, 'no'],
  ['the same for a PUT with a body', idleClose, { ...get, hasBody: true }, 'no'],
  ['the same after the first byte of an answer', { ...idleClose, bytesRead: 1 }, get, 'no'],
  ['a fresh connection that closed without a byte', { ...idleClose, reused: false }, get, 'no'],
  ['the same where there is another instance', { ...idleClose, reused: false }, { ...get, others: true }, 'elsewhere'],
  ['the same a second time where there is another instance', { ...idleClose, reused: false }, { ...get, others: true, repeated: true }, 'no'],
  ['the same for a POST where there is another instance', { ...idleClose, reused: false }, { ...get, others: true, idempotent: false }, 'no'],
  ['what waits for long, on a used socket', { ...idleClose, stalled: true }, get, 'again'],
  ['what waits for long, on a fresh connection', { ...idleClose, reused: false, stalled: true }, get, 'again'],
  ['what waits for long where there is another instance', { ...idleClose, stalled: true }, { ...get, others: true }, 'elsewhere'],
  ['what waits for long and may not be done twice', { ...idleClose, stalled: true }, { ...get, idempotent: false, others: true }, 'no'],
  ['the same after the first byte of an answer where there is another instance', { ...idleClose, reused: false, bytesRead: 1 }, { ...get, others: true }, 'no'],
])('%s is repeated only where nothing can happen twice', (...[, failure, request, verdict]) => {
  expect(mayRepeat(failure, request)).toBe(verdict)
})
