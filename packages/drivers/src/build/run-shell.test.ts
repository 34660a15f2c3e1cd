import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startOf } from './process-tree.ts'
import { runShell } from './run-shell.ts'

const never = new AbortController().signal
const environment = { PATH: process.env['PATH'] ?? '', ONLY: 'this' }

/** Runs until `stop` returns true for a line, then aborts. Gives all lines. */
async function abortAt(command: string, stop: (line: string) => boolean): Promise<string[]> {
  const controller = new AbortController()
  const lines: string[] = []
  const onLine = (line: string) => {
    lines.push(line)
    if (stop(line)) controller.abort(new Error('stopped'))
  }
  await expect(runShell({ command, cwd: '/', environment, onLine }, controller.signal)).rejects.toThrow('stopped')
  return lines
}

test('gives every line of both streams, the last without an end too, and the exit', async () => {
  const lines: string[] = []
  const exit = await runShell({ command: 'echo one; echo two >&2; printf three; exit 7', cwd: '/', environment, onLine: (line) => lines.push(line) }, never)
  expect(lines.sort()).toEqual(['one', 'three', 'two'])
  expect(exit).toEqual({ code: 7, signal: null })
})

test("shows the command nothing of this process's environment", async () => {
  const lines: string[] = []
  await runShell({ command: 'env', cwd: '/', environment, onLine: (line) => lines.push(line) }, never)
  expect(lines.map((line) => line.split('=')[0]).filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name ?? '')).sort()).toEqual(['ONLY', 'PATH'])
})

test('ends everything it started when it is aborted: children in groups of their own, and those that ignore SIGTERM', async () => {
  const child = `node -e "const c = require('child_process').spawn('sleep', ['600'], { detached: true }); process.on('SIGTERM', () => {}); console.log('pids ' + process.pid + ' ' + c.pid); setInterval(() => {}, 1000)"`
  const lines = await abortAt(`${child} & wait`, (line) => line.startsWith('pids'))
  const pids = lines[0]?.split(' ').slice(1).map(Number) ?? []
  expect(pids).toHaveLength(2)
  expect(pids.map(startOf)).toEqual([undefined, undefined])
})

test('leaves nothing behind that a finished command put into the background, in a group of its own', async () => {
  const lines: string[] = []
  await runShell({ command: 'set -m; sleep 600 >/dev/null 2>&1 & echo $!', cwd: '/', environment, onLine: (line) => lines.push(line) }, never)
  expect(startOf(Number(lines[0]))).toBeUndefined()
})

test('touches no process that it did not start', async () => {
  const bystander = spawn('sleep', ['600'])
  await once(bystander, 'spawn')
  await abortAt('echo go; sleep 600', (line) => line === 'go')
  expect(startOf(bystander.pid ?? 0)).toBeDefined()
  bystander.kill()
  await once(bystander, 'exit')
})

test('ends a command whose lines cannot be taken any more', async () => {
  const pids: number[] = []
  const full = (line: string) => {
    pids.push(Number(line))
    throw new Error('no space left')
  }
  await expect(runShell({ command: 'echo $$; exec sleep 600', cwd: '/', environment, onLine: full }, never)).rejects.toThrow('no space left')
  expect(pids.map(startOf)).toEqual([undefined])
})
