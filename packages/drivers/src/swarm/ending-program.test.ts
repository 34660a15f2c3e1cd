import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endingMs, endingProgram } from './ending-program.ts'

let directory: string
let started: ChildProcess[]
let agents: Agent[]
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-ending-'))
  started = []
  agents = []
})
afterEach(() => {
  for (const child of started) child.kill('SIGKILL')
  for (const agent of agents) agent.destroy()
  rmSync(directory, { recursive: true })
})

/** Ends as Node's documentation shows it: no new connections, idle ones are closed. A slow answer takes until somebody asks for it to come. */
const graceful = `process.once('SIGTERM', () => { console.log('told'); server.close(() => process.exit(0)) })`
const server = (onTerm: string): string => `let later
const server = require('node:http').createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.url === '/slow') return void (later = response, console.log('slow'))
  if (request.url === '/come') later.end('slow')
  response.end('quick')
}).listen(0, '127.0.0.1', () => console.log('port ' + server.address().port))
${onTerm}
`

interface Server {
  readonly child: ChildProcess
  /** On a connection of its own that is kept, the same each time. */
  readonly client: () => (path?: string) => Promise<[string, string | undefined]>
  /** Resolves when the server has printed this. */
  readonly said: (line: string) => Promise<void>
  readonly ended: Promise<[number | null, string | null]>
}

async function start(onTerm: string, ms: number): Promise<Server> {
  const [preload, program] = [join(directory, 'ending.cjs'), join(directory, 'server.cjs')]
  writeFileSync(preload, endingProgram(ms))
  writeFileSync(program, server(onTerm))
  const child = spawn(process.execPath, ['--require', preload, program], { stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>
  const lines: string[] = []
  let tell = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    tell.resolve()
    tell = Promise.withResolvers()
  })
  const line = async (is: (text: string) => boolean): Promise<string> => {
    for (;;) {
      const found = lines.find(is)
      if (found !== undefined) return found
      await tell.promise
    }
  }
  const port = Number((await line((text) => text.startsWith('port '))).slice(5))
  return {
    child, ended,
    said: async (wanted) => void (await line((text) => text === wanted)),
    client() {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      agents.push(agent)
      return async (path = '/') => {
        const answer = await new Promise<IncomingMessage>((resolve, reject) => get({ host: '127.0.0.1', port, path, agent }, resolve).once('error', reject))
        return [await text(answer), answer.headers.connection]
      }
    },
  }
}

/** Asks until it is told that there will be no other answer: a signal is on its way for a moment. */
async function untilLast(ask: () => Promise<[string, string | undefined]>): Promise<string> {
  for (;;) {
    const [said, connection] = await ask()
    if (connection === 'close') return said
  }
}

test('a server that is told to end answers on connections that it has, each for the last time, and is told when none is left', async () => {
  const { child, client, said, ended } = await start(graceful, 20_000)
  const clients = [client(), client(), client()]
  for (const ask of clients) expect(await ask()).toEqual(['quick', 'keep-alive'])
  child.kill('SIGTERM')
  for (const ask of clients) expect(await untilLast(ask)).toBe('quick')
  await said('told')
  expect(await ended).toEqual([0, null])
})

test('an answer that is under way when a server is told to end is the last on its connection', async () => {
  const { child, client, said, ended } = await start(graceful, 20_000)
  const [slow, other] = [client(), client()]
  const answer = slow('/slow')
  await said('slow')
  await other()
  child.kill('SIGTERM')
  await untilLast(other)
  await client()('/come')
  expect(await answer).toEqual(['slow', 'close'])
  expect(await ended).toEqual([0, null])
})

test('a server without a connection is told at once, and one with a connection that nobody uses when the time is over', async () => {
  const [idle, kept] = [await start(graceful, 20_000), await start(graceful, 200)]
  idle.child.kill('SIGTERM')
  expect(await idle.ended).toEqual([0, null])
  expect(await kept.client()()).toEqual(['quick', 'keep-alive'])
  kept.child.kill('SIGTERM')
  expect(await kept.ended).toEqual([0, null])
})

test('a server that is told twice to end is told at once', async () => {
  const { child, client, ended } = await start(`process.on('SIGTERM', () => process.exit(3))`, 20_000)
  await client()()
  child.kill('SIGTERM')
  child.kill('SIGTERM')
  // The kernel may make one of two.
  const again = setInterval(() => child.kill('SIGTERM'), 50)
  expect(await ended).toEqual([3, null])
  clearInterval(again)
})

test('a server that does not listen for SIGTERM ends by it, when its last connection is closed', async () => {
  const { child, client, ended } = await start('', 20_000)
  const ask = client()
  await ask()
  child.kill('SIGTERM')
  expect(await untilLast(ask)).toBe('quick')
  expect(await ended).toEqual([null, 'SIGTERM'])
})

test('it is longer than a program of Node keeps a connection that it does not use', () => {
  expect(endingMs).toBeGreaterThan(4_000)
})
