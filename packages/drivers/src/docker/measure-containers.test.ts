import { expect, test } from 'vitest'
import { neededIn } from './measure-containers.ts'

const said = (memory: object): string => JSON.stringify({ read: '2026-11-27T12:00:00.5Z', cpu_stats: { cpu_usage: { total_usage: 1_500_000_000 } }, memory_stats: memory })

test.each([['second', 'inactive_file'], ['first', 'total_inactive_file']])('what is only cached does not count, where groups are of the %s kind', (_, cached) => {
  expect(neededIn(said({ usage: 900, stats: { [cached]: 300 } }), { instance: 'web-1', limit: 0 })).toEqual({ instance: 'web-1', at: Date.parse('2026-11-27T12:00:00.500Z'), cpuMs: 1_500, memoryBytes: 600 })
})

test('the limit is told where there is one, and a container that does not run needs nothing', () => {
  expect(neededIn(said({ usage: 900 }), { instance: 'web-1', limit: 4_096 })).toMatchObject({ memoryBytes: 900, memoryLimitBytes: 4_096 })
  expect(neededIn(said({}), { instance: 'web-1', limit: 4_096 })).toBeUndefined()
})
