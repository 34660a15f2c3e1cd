import { expect, test } from 'vitest'
import { pathSteps } from './path-steps.ts'

test('takes a path apart into keys and numbers', () => {
  expect(pathSteps('services[2].envVars[0].value')).toEqual(['services', 2, 'envVars', 0, 'value'])
  expect(pathSteps('databases[1]."a \\"b\\".c".d-e')).toEqual(['databases', 1, 'a "b".c', 'd-e'])
  expect(pathSteps('')).toEqual([])
  expect(pathSteps('a b')).toBeUndefined()
})
