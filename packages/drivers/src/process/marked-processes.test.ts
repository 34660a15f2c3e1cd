import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createMarkedProcesses } from './marked-processes.ts'

const signal = new AbortController().signal
const marked = createMarkedProcesses({ now: Date.now, sleep: async (ms, until) => { await setTimeout(ms, undefined, { signal: until }) } })

test('a process is found by its variable wherever it went, and ended with all that have it', async () => {
  const value = randomUUID()
  // Away from its parents, its group and its session, and deaf to SIGTERM.
  spawn('sh', ['-c', `setsid sh -c 'trap "" TERM; sleep 600' & exit 0`], { env: { PATH: process.env['PATH'] ?? '', SUITE: value }, detached: true, stdio: 'ignore' })
  await expect.poll(async () => (await marked.find('SUITE', value)).map(({ name }) => name).toSorted(), { timeout: 20_000 }).toEqual(['sh', 'sleep'])
  expect(await marked.find('SUITE', value.slice(1))).toEqual([])
  expect(await marked.find('UITE', value)).toEqual([])
  await marked.end({ key: 'SUITE', value, graceMs: 100 }, signal)
  expect(await marked.find('SUITE', value)).toEqual([])
  await marked.end({ key: 'SUITE', value, graceMs: 100 }, signal)
})
