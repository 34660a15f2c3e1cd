import { expect, test } from 'vitest'
import { allowanceOf } from './allowance.ts'

test.each([
  ['GET', '/services', 'reads', 400],
  ['GET', '/services/srv-1/deploys', 'reads', 400],
  ['POST', '/services', 'new services', 20],
  ['PATCH', '/services/srv-1', 'changes of srv-1', 10],
  ['POST', '/services/srv-1/deploys', 'changes of srv-1', 10],
  ['POST', '/services/srv-1/rollback', 'changes of srv-1', 10],
  ['POST', '/services/srv-1/suspend', 'changes of srv-1', 10],
  ['POST', '/services/srv-1/resume', 'changes of srv-1', 10],
  ['POST', '/services/srv-1/jobs', 'jobs', 2000],
  ['POST', '/services/srv-1/deploys/dep-1/cancel', 'other writes', 30],
  ['PUT', '/services/srv-1/env-vars/deploys', 'other writes', 30],
  ['DELETE', '/services/srv-1/env-vars/A', 'other writes', 30],
  ['POST', '/postgres', 'other writes', 30],
] as const)('%s %s draws on %s', (...[method, path, name, limit]) => {
  expect(allowanceOf(method, path)).toMatchObject({ name, limit })
})
