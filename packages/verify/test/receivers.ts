import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '@plimsoll/engine'
import { SMTPServer } from 'smtp-server'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** How the receiver answers one request; `hang`: never. */
export type Reply = 'hang' | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }

export interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly received: readonly Received[]
}

/** An HTTP server that gives each request the next of `replies`, and the last one for ever. `onRequest` is told of each. */
export async function httpReceiver(replies: readonly Reply[], onRequest: () => void = () => {}): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const reply = replies[Math.min(received.length, replies.length - 1)] ?? 'hang'
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(pieces).toString('utf8') })
      if (reply !== 'hang') response.writeHead(reply.status, reply.headers).end(reply.body ?? '')
      onRequest()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/secret-path`, received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An SMTP server that answers each recipient with the next of `codes`, 250 for good; with `greets` false it says nothing at all. */
export async function mailReceiver(codes: readonly number[] = [], { greets = true, onConnect = (): void => {} } = {}): Promise<Receiver & { readonly mails: readonly string[] }> {
  const mails: string[] = []
  let asked = 0
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false, closeTimeout: 100,
    onConnect(_session, callback) {
      onConnect()
      if (greets) callback()
    },
    onRcptTo(_address, _session, callback) {
      const code = codes[asked++] ?? 250
      callback(code < 400 ? undefined : Object.assign(new Error('not today'), { responseCode: code }))
    },
    onData(stream, _session, callback) {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        mails.push(Buffer.concat(pieces).toString('utf8'))
        callback()
      })
    },
  })
  // A client that gives up breaks the connection off.
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, received: [], mails,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** A clock on which pauses between tries pass at once, and a time limit is over only when the test says so. */
export interface QuickClock extends Clock {
  /** Of all pauses, in milliseconds. */
  readonly pauses: readonly number[]
  /** Lets every limit that is waited for be over. */
  expire(): void
}

const shortestLimitMs = 10_001

export function quickClock(): QuickClock {
  let now = Date.parse('2026-01-01T12:00:00Z')
  const pauses: number[] = []
  const limits = new Set<() => void>()
  return {
    now: () => now, pauses,
    sleep(ms, signal) {
      if (ms < shortestLimitMs) {
        now += ms
        pauses.push(ms)
        return Promise.resolve()
      }
      return new Promise((resolve, reject) => {
        const over = (): void => {
          limits.delete(over)
          now += ms
          resolve()
        }
        limits.add(over)
        signal.addEventListener('abort', () => {
          limits.delete(over)
          reject(signal.reason)
        }, { once: true })
      })
    },
    expire: () => [...limits].forEach((over) => over()),
  }
}
