import { spawn } from 'node:child_process'
import { once } from 'node:events'
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

test('a process keeps its number and its start when it becomes another program, and not its stack', async () => {
  const child = spawn('/bin/sh', ['-c', 'echo sh; read line; exec node -e "console.log(0); process.stdin.resume()"'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const entry = async () => (await listProcesses()).find(({ pid }) => pid === child.pid)
  await once(child.stdout, 'data')
  const [before, again] = [await entry(), await entry()]
  expect(again).toEqual(before)
  expect(before?.stack).toBeGreaterThan(0)
  child.stdin.write('go\n')
  await once(child.stdout, 'data')
  const after = await entry()
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(after).toMatchObject({ startTicks: before?.startTicks, pid: before?.pid })
  expect(after?.stack).not.toBe(before?.stack)
})
