import { expect, test } from 'vitest'
import { idleMsAfter } from './socket-pool.ts'

test.each<[string, Parameters<typeof idleMsAfter>[0], number]>([
  ['says nothing', { version: '1.1', connection: '', keepAlive: undefined }, 4_000],
  ['keeps it', { version: '1.1', connection: 'keep-alive', keepAlive: 'timeout=65' }, 4_000],
  ['closes soon', { version: '1.1', connection: 'keep-alive', keepAlive: 'timeout=3, max=9' }, 2_000],
  ['closes at once', { version: '1.1', connection: 'keep-alive', keepAlive: 'timeout=1' }, 0],
  ['closes', { version: '1.1', connection: 'close', keepAlive: undefined }, 0],
  ['closes among other things', { version: '1.1', connection: 'x-mine , close', keepAlive: 'timeout=65' }, 0],
  ['names a header like it', { version: '1.1', connection: 'x-close', keepAlive: undefined }, 4_000],
  ['speaks HTTP/1.0', { version: '1.0', connection: 'keep-alive', keepAlive: 'timeout=65' }, 0],
])('an upstream that %s is waited for accordingly', (_name, answer, ms) => {
  expect(idleMsAfter(answer)).toBe(ms)
})
