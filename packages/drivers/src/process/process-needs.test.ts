import { expect, test } from 'vitest'
import { cpuMsIn, memoryIn, needsOf } from './process-needs.ts'

test('processor time is that of the process and of children that have ended, whatever its name is', () => {
  expect(cpuMsIn('17 (next) server (v1)) S 1 17 17 0 -1 4194304 5 6 7 8 12 3 4 1 20 0 11 0 99 0')).toBe(200)
})

test('memory is the share of shared pages, and all that is resident where that may not be read', () => {
  expect(memoryIn('55d0-7ffd ---p 00000000 00:00 0 [rollup]\nRss:   5120 kB\nPss:    2048 kB\nPss_Dirty: 10 kB\n', 'VmRSS:\t    5120 kB\n')).toBe(2048 * 1024)
  expect(memoryIn('', 'Name:\tnode\nVmRSS:\t    5120 kB\n')).toBe(5120 * 1024)
  expect(memoryIn('', 'Name:\tkthreadd\n')).toBe(0)
})

test('a process that is gone needs nothing, and one that runs needs something', () => {
  expect(needsOf(2 ** 22 + 1)).toBeUndefined()
  const own = needsOf(process.pid)
  expect(own?.memoryBytes).toBeGreaterThan(1_000_000)
  expect(own?.cpuMs).toBeGreaterThan(0)
})
