import { expect, test } from 'vitest'
import { cpuText, memoryText, stateOf } from './instance-words.ts'

test('the state of an instance says how it ended, and why where the place knows', () => {
  expect(stateOf({ state: 'running' })).toEqual({ tone: 'good', text: 'running' })
  expect(stateOf({ state: 'running', health: { is: 'unhealthy', says: 'no' } })).toEqual({ tone: 'bad', text: 'says that it is unhealthy' })
  expect(stateOf({ state: 'backing-off', exit: { code: 1, signal: null } }).text).toBe('ended with status 1, is started again')
  expect(stateOf({ state: 'exited', exit: { code: null, signal: 'SIGKILL', because: 'it needed more than its 512 MB of memory' } }).text).toBe('ended: it needed more than its 512 MB of memory')
})

test('memory is told with its limit, and the processor of one', () => {
  expect(memoryText({ memoryBytes: 222_298_112 })).toBe('212 MB')
  expect(memoryText({ memoryBytes: 1_048_576 * 3.25, memoryLimitBytes: 536_870_912 })).toBe('3.3 of 512 MB')
  expect([0, 0.004, 0.034, 0.5, 1.5].map((cpu) => cpuText({ cpu }))).toEqual(['0 %', '0.4 %', '3.4 %', '50 %', '150 %'])
})
