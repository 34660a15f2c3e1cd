import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

const keys = ['healthCheckPath', 'buildCommand', 'startCommand', 'rootDir', 'envVars', 'plan', 'name']

test.each([
  ['helthCheckPath', 'healthCheckPath'],
  ['healthcheckpath', 'healthCheckPath'],
  ['health_check_path', 'healthCheckPath'],
  ['build_comand', 'buildCommand'],
  ['stratCommand', 'startCommand'],
  ['env_vars', 'envVars'],
  ['paln', 'plan'],
])('%s was meant to be %s', (word, meant) => {
  expect(nearest(word, keys)).toBe(meant)
})

test.each(['', 'x', 'notifications', 'zzzz'])('nothing is near %j', (word) => {
  expect(nearest(word, keys)).toBeUndefined()
})
