import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { listProcesses } from './process-table.ts'

test('the list holds this process with its parent, and none of the kernel’s own threads', async () => {
  const listed = await listProcesses()
  expect(listed.find(({ pid }) => pid === process.pid)).toMatchObject({ parent: process.ppid })
  // The second thing that Linux starts is the parent of all its threads; a container does not see it.
  const second = await readFile('/proc/2/comm', 'utf8').catch(() => '')
  expect(second === 'kthreadd\n' ? listed.filter(({ pid, parent }) => pid === 2 || parent === 2) : []).toEqual([])
})
