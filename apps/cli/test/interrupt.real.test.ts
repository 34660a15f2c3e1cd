import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { apiVersion } from '@plimsoll/api/launch'

const main = fileURLToPath(new URL('../src/main.mjs', import.meta.url))
const at = new Date().toISOString()
const release = { app: 'shop', number: 7, kind: 'release', state: 'releasing', startedAt: at, source: { root: '/shop', blueprint: 'render.yaml', dirty: true }, steps: [{ name: 'build', title: 'Build' }] }

/** What the API of the tests answers, by method and path; a request for anything else hangs. */
const answers: Readonly<Record<string, unknown>> = {
  'GET /healthz': { ok: true, version: apiVersion, pid: process.pid },
  'GET /v1/apps': [],
  'POST /v1/apps/shop/releases': release,
  'POST /v1/apps/shop/releases/7/interrupt': release,
}

let home: string
let server: Server
let asked: string[]
let silent: boolean
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'cli-interrupt-'))
  asked = []
  silent = false
  server = createServer((request, response) => {
    const question = `${request.method} ${request.url}`
    asked.push(question)
    server.emit('asked', question)
    const answer = answers[question]
    if (silent) return
    if (answer !== undefined) response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
    else if (question.endsWith('/events')) response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`event: entry\nid: 1\ndata: ${JSON.stringify({ is: 'started', step: 'build', at })}\n\n`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await mkdir(join(home, 'api'))
  await writeFile(join(home, 'api/token'), 'token')
  await writeFile(join(home, 'api/endpoint.json'), JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pid: process.pid, version: apiVersion }))
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await rm(home, { recursive: true })
})

test('Ctrl-C while nothing answers yet ends the command as stopped, and not as a bug', async () => {
  silent = true
  const { child, ended } = cli('release', '--app', 'shop')
  await until('GET /healthz')
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ status: 130, err: expect.stringContaining('✗ Stopped, before anything was changed [INTERRUPTED]') })
})

test('Ctrl-C during a release asks for it to be taken back, and a second one says who goes on with that', async () => {
  const { child, ended } = cli('release', '--app', 'shop')
  await until('GET /v1/apps/shop/releases/7/events')
  child.kill('SIGINT')
  await until('POST /v1/apps/shop/releases/7/interrupt')
  child.kill('SIGINT')
  const { status, out, err } = await ended
  expect(status).toBe(130)
  expect(out).toContain('Stopping: taking back what was done. Ctrl-C again leaves that to Plimsoll')
  expect(err).toBe('Plimsoll goes on with this in the background. See how it ends: plimsoll status --app shop --release 7\n')
})

async function until(question: string): Promise<void> {
  while (!asked.includes(question)) await once(server, 'asked')
}

function cli(...args: string[]): { child: ChildProcess; ended: Promise<{ status: number | null; out: string; err: string }> } {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], { cwd: home, env: { ...process.env, PLIMSOLL_HOME: home, PLIMSOLL_CONSOLE: undefined, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => { said.out += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { said.err += chunk.toString() })
  return { child, ended: once(child, 'close').then(([status]) => ({ status: status as number | null, ...said })) }
}
