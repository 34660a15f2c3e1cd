import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Probe, ProbeQuestion, ProbeResult } from '@plimsoll/engine'
import type { Address } from '@plimsoll/model'

/** Opens a connection; rejects with the system's code as that of a socket does. */
export type Connecting = (address: Address, signal: AbortSignal) => Promise<Duplex>

/**
 * A {@link Probe} over real sockets: a new connection each time, as the first request of a user would be. `connecting` is for places whose addresses mean
 * something only inside of them.
 */
export function createProbe(connecting: Connecting = bySocket): Probe {
  return { http: (question, signal) => get({ ...question, connecting }, signal), tcp: (question, signal) => open({ ...question, connecting }, signal) }
}

const bySocket: Connecting = ({ host, port }, signal) => new Promise((resolve, reject) => {
  const socket = connect({ host, port, signal })
  socket.once('connect', () => resolve(socket)).once('error', reject)
})

interface Asked extends ProbeQuestion {
  readonly connecting: Connecting
}

async function get({ address, path, timeoutMs, connecting }: Asked & { readonly path: string }, signal: AbortSignal): Promise<ProbeResult> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const unreachable = (error: unknown): ProbeResult => {
    signal.throwIfAborted()
    return { is: 'unreachable', reason: limit.aborted ? 'timeout' : reasonOf(error) }
  }
  try {
    const connection = await connecting(address, limit)
    return await new Promise((resolve, reject) => {
      const headers = { accept: '*/*', 'user-agent': 'plimsoll', connection: 'close' }
      const asked = request({ host: address.host, port: address.port, path, headers, createConnection: () => connection, signal: limit }, (response) => {
        answerOf(response).then(resolve, reject)
      })
      asked.on('error', reject).end()
    })
  } catch (error) {
    return unreachable(error)
  }
}

/** Enough of a body to see what is wrong; the rest is read and dropped so that the connection ends properly. */
const keptBytes = 1_000

async function answerOf(response: IncomingMessage): Promise<ProbeResult> {
  let body = ''
  response.setEncoding('utf8')
  for await (const chunk of response) if (body.length < keptBytes) body += String(chunk)
  const status = response.statusCode ?? 0
  return status >= 200 && status < 400 ? { is: 'healthy', status } : { is: 'unhealthy', status, body: body.slice(0, keptBytes) }
}

/**
 * A proxy in front of an instance (as of an engine in a machine of its own) takes a connection for it and drops it again, within a few milliseconds,
 * when nothing listens behind it.
 */
const staysMs = 50

async function open({ address, timeoutMs, connecting }: Asked, signal: AbortSignal): Promise<ProbeResult> {
  signal.throwIfAborted()
  try {
    return await stays(await connecting(address, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])))
  } catch (error) {
    signal.throwIfAborted()
    return { is: 'unreachable', reason: reasonOf(error) }
  }
}

function stays(connection: Duplex): Promise<ProbeResult> {
  return new Promise((resolve, reject) => {
    const settle = (result: ProbeResult): void => {
      connection.destroy()
      resolve(result)
    }
    const timer = setTimeout(() => settle({ is: 'healthy' }), staysMs)
    connection.once('end', () => settle({ is: 'unreachable', reason: 'closed at once' })).once('close', () => clearTimeout(timer)).once('error', reject)
    // What it says, if anything, is nobody's business here; but to see it close it has to be listened to.
    connection.resume()
  })
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ECONNRESET') return 'reset'
  return code === 'ABORT_ERR' ? 'timeout' : code || 'failed'
}
