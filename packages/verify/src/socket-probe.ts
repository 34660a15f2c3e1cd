import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Probe, ProbeQuestion, ProbeResult } from '@plimsoll/engine'

/** A {@link Probe} over real sockets: a new connection each time, as the first request of a user would be. */
export function createProbe(): Probe {
  return { http: get, tcp: open }
}

function get({ address, path, timeoutMs }: ProbeQuestion & { readonly path: string }, signal: AbortSignal): Promise<ProbeResult> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  return new Promise((resolve, reject) => {
    const headers = { accept: '*/*', 'user-agent': 'plimsoll' }
    const asked = request({ host: address.host, port: address.port, path, headers, agent: false, signal: limit }, (response) => {
      answerOf(response).then(resolve, (error: unknown) => resolve({ is: 'unreachable', reason: reasonOf(error) }))
    })
    asked.on('error', (error) => (signal.aborted ? reject(signal.reason) : resolve({ is: 'unreachable', reason: limit.aborted ? 'timeout' : reasonOf(error) })))
    asked.end()
  })
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

function open({ address, timeoutMs }: ProbeQuestion, signal: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const socket = connect({ host: address.host, port: address.port, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) })
    const settle = (result: ProbeResult): void => {
      socket.destroy()
      resolve(result)
    }
    socket.once('connect', () => {
      const stays = setTimeout(() => settle({ is: 'healthy' }), staysMs)
      socket.once('end', () => settle({ is: 'unreachable', reason: 'closed at once' })).once('close', () => clearTimeout(stays))
      // What it says, if anything, is nobody's business here; but to see it close it has to be listened to.
      socket.resume()
    })
    socket.once('error', (error) => (signal.aborted ? reject(signal.reason) : resolve({ is: 'unreachable', reason: reasonOf(error) })))
  })
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ECONNRESET') return 'reset'
  return code === 'ABORT_ERR' ? 'timeout' : code || 'failed'
}
