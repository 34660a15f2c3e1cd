import { serviceNameSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { buildFailure } from './build-failure.ts'

const fail = (log: string[], exit = { code: 1 as number | null, signal: null as string | null }) => buildFailure({ service: serviceNameSchema.parse('api'), command: 'pnpm install && pnpm build', exit, log, logFile: '/logs/1.log' })

test.each([
  [['write EFBIG', 'Error: ENOSPC: no space left on device, write'], 'DISK_FULL'],
  [[' ERR_PNPM_META_FETCH_FAIL  GET http://registry.invalid/x: request failed'], 'OFFLINE'],
  [['npm error code EAI_AGAIN'], 'OFFLINE'],
  [['npm error code ECONNREFUSED'], 'OFFLINE'],
  [['Error: ERR_PNPM_RESOLVING_NPM_RESOLVER_NETWORK_ERROR'], 'OFFLINE'],
  [['dd: error writing \'x\': No space left on device'], 'DISK_FULL'],
  [['npm error code ELIFECYCLE', 'connect ECONNREFUSED 127.0.0.1:5432'], 'BUILD_FAILED'],
  [['FetchError: request to registry failed, reason: connect ECONNREFUSED 127.0.0.1:4873'], 'OFFLINE'],
  [['AssertionError: connect ECONNREFUSED 127.0.0.1:5432'], 'BUILD_FAILED'],
  [['src/a.ts(1,1): error TS2322'], 'BUILD_FAILED'],
])('takes %j for %s', (log, code) => expect(fail(log).code).toBe(code))

test.each([
  [['see https://docs.example/', 'Error: ERR_PNPM_RESOLVING_NPM_RESOLVER_NETWORK_ERROR', '  │   http://127.0.0.1:4873/left-', '  │   pad: error sending'], '127.0.0.1:4873'],
  [['npm error code ENOTFOUND', 'npm error request to https://registry.example/x failed, reason: getaddrinfo ENOTFOUND registry.example'], 'registry.example'],
  [['getaddrinfo EAI_AGAIN fonts.example'], 'fonts.example'],
  [['npm error code EAI_AGAIN'], 'the package registry'],
])('names what %j could not reach', (log, host) => expect(fail(log).message).toBe(`api: the build could not reach ${host}`))

test('carries the last fifty lines, the command, its exit and where the whole log lies', () => {
  const log = Array.from({ length: 80 }, (_, index) => `line ${index}`)
  expect(fail(log).details).toMatchObject({ service: 'api', command: 'pnpm install && pnpm build', exitCode: 1, logFile: '/logs/1.log', log: log.slice(30) })
})

test('hints at the likeliest cure', () => {
  expect(fail([], { code: 127, signal: null }).hint).toContain('PATH')
  expect(fail([], { code: null, signal: 'SIGKILL' }).hint).toContain('memory')
  expect(fail(['ERR_PNPM_OUTDATED_LOCKFILE  Cannot install']).hint).toContain('pnpm install')
})
