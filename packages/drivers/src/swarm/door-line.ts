import type { Address } from '@plimsoll/model'
import { once } from 'node:events'
import { connect as openSession, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import type { Duplex } from 'node:stream'

/**
 * What the door of a network runs: HTTP/2 on its standard input and output, of which each CONNECT is a connection into the network. It asks for names itself and not by
 * the system, which does so in four threads: a name that nobody has, and that is looked for elsewhere, would keep the others waiting. Each time anew, because one that asks twice
 * may remember the answer for longer than a task stays where it is. Of several addresses that a name has one is enough. Says why it has none in a header, and ends with its input.
 */
export const doorProgram = `const http2 = require('node:http2'), net = require('node:net')
const { Resolver } = require('node:dns').promises
const lookup = (name, options, done) => new Resolver({ timeout: 1000, tries: 2 }).resolve4(name).then((found) => done(null, found.map((address) => ({ address, family: 4 }))), () => done(Object.assign(new Error(name), { code: 'ENOTFOUND' })))
const server = http2.createServer({ settings: { initialWindowSize: 1 << 20 }, maxSessionMemory: 256, streamResetBurst: 1e6, streamResetRate: 1e6 })
server.on('stream', (stream, headers) => {
  const { hostname, port } = new URL('tcp://' + headers[':authority'])
  const socket = net.connect({ host: hostname, port: Number(port), lookup, allowHalfOpen: true, noDelay: true, autoSelectFamily: true, timeout: 10000 })
  let isOpen = false
  const fail = (code) => { if (isOpen) stream.destroy(new Error(code)); else if (!stream.destroyed) stream.respond({ ':status': 502, 'x-code': code }, { endStream: true }); socket.destroy() }
  socket.once('timeout', () => fail('ETIMEDOUT')).on('error', ({ code }) => fail(code || 'EFAILED'))
  socket.once('connect', () => {
    if (stream.destroyed) return socket.destroy()
    isOpen = true
    socket.setTimeout(0)
    stream.respond({ ':status': 200 })
    stream.pipe(socket).pipe(stream)
  })
  stream.on('error', () => undefined).once('close', () => stream.rstCode === 0 ? socket.destroySoon() : socket.resetAndDestroy())
})
const { Duplex } = require('node:stream')
server.on('session', (session) => session.on('error', () => undefined).once('close', () => process.exit()))
server.emit('connection', Duplex.from({ readable: process.stdin, writable: process.stdout }))
process.stdin.once('end', () => process.exit()).once('close', () => process.exit())`

/** Many connections over one, each with a flow of its own. */
export interface DoorLine {
  /** Rejects as a connection does that is refused, with the system's code; and with the signal's reason. */
  dial(address: Address, signal: AbortSignal): Promise<Duplex>
  readonly isOpen: () => boolean
  /** Breaks off everything. Twice is once. */
  close(): void
}

/** A line that carries nothing for so long is closed: at its other end is a program that runs. */
const idleMs = 60_000
/** How long a line may take to say anything after somebody gave up waiting for it. */
const silentMs = 3_000
const { HTTP2_HEADER_METHOD, HTTP2_HEADER_AUTHORITY, HTTP2_HEADER_STATUS, NGHTTP2_CANCEL } = constants

/** `stream` leads to what runs {@link doorProgram}. */
export function openDoorLine(stream: Duplex): DoorLine {
  const session = openSession('http://door', { createConnection: () => stream, settings: { enablePush: false, initialWindowSize: 1 << 20 }, maxSessionMemory: 256 })
  let carried = 0
  // Whoever waits for an answer is told by its own connection.
  session.on('error', () => undefined).once('close', () => stream.destroy())
  session.setTimeout(idleMs, () => carried === 0 && session.close())
  return {
    isOpen: () => !session.closed && !session.destroyed,
    // With an error: else what was under way would seem to have come to its end.
    close: () => session.destroy(new Error('the line is closed')),
    async dial(address, signal) {
      signal.throwIfAborted()
      const connection = session.request({ [HTTP2_HEADER_METHOD]: 'CONNECT', [HTTP2_HEADER_AUTHORITY]: `${address.host}:${address.port}` })
      carried += 1
      connection.once('close', () => (carried -= 1))
      try {
        const { status, code } = await answerOf(connection, signal)
        // What breaks it off is, to whoever uses it, what breaks a connection.
        if (status === 200) return connection.on('error', (error) => Object.assign(error, { code: 'ECONNRESET' }))
        throw refusal(address, code)
      } catch (error) {
        connection.on('error', () => undefined).close(NGHTTP2_CANCEL)
        if (signal.aborted) endIfSilent(session)
        throw isOfLine(error) ? refusal(address, 'ECONNRESET') : error
      }
    },
  }
}

/** Also where the line breaks before there is one, which is no error to a stream. */
async function answerOf(connection: ClientHttp2Stream, signal: AbortSignal): Promise<{ readonly status: unknown; readonly code: string }> {
  const answered = once(connection, 'response', { signal }) as Promise<[Readonly<Record<string, unknown>>]>
  const [headers] = await Promise.race([answered, once(connection, 'close').then((): [Readonly<Record<string, unknown>>] => [{ 'x-code': 'ECONNRESET' }])])
  return { status: headers[HTTP2_HEADER_STATUS], code: String(headers['x-code']) }
}

function isOfLine(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_HTTP2')
}

/** Whether the line is at fault for what took too long, or who was asked for. */
function endIfSilent(session: ClientHttp2Session): void {
  if (session.closed || session.destroyed) return
  const timer = setTimeout(() => session.destroy(), silentMs)
  session.once('close', () => clearTimeout(timer))
  session.ping(() => clearTimeout(timer))
}

function refusal({ host, port }: Address, code: string): Error {
  return Object.assign(new Error(`${host}:${port} does not take a connection (${code})`), { code })
}
