import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import type { Address } from '@plimsoll/model'

/** `silent`: not even a connection came about, and nobody refused it. */
export type Checked = 'well' | 'unwell' | 'silent'

export interface CheckKind {
  /** Asked with GET; without it a connection is enough. */
  readonly path?: string | undefined
  readonly everyMs: number
}

/** An answer that takes longer than this many intervals comes too late. */
const patience = 2

/** Asks one instance whether it is there: well is a connection, or an answer below 400 on the path. Never throws. */
export async function checkInstance({ host, port }: Address, { path, everyMs }: CheckKind): Promise<Checked> {
  const limit = AbortSignal.timeout(everyMs * patience)
  const socket = connect({ host, port })
  socket.on('error', () => undefined).unref()
  let connected = false
  try {
    await once(socket, 'connect', { signal: limit })
    connected = true
    if (path === undefined) return 'well'
    const request = httpRequest({ host, port, path, createConnection: () => socket, signal: limit, headers: { 'user-agent': 'plimsoll-edge' } }).end()
    const [answer] = (await once(request, 'response', { signal: limit })) as [IncomingMessage]
    answer.on('error', () => undefined).destroy()
    return (answer.statusCode ?? 500) < 400 ? 'well' : 'unwell'
  } catch (error) {
    // Refused, reset or too late: it is unwell either way, and only one that nothing came from at all is gone.
    return !connected && (limit.aborted || hasNoWay(error)) ? 'silent' : 'unwell'
  } finally {
    socket.destroy()
  }
}

/** That the way there is gone is said by this machine or a router, and not by whoever is asked: a cable that was pulled is noticed so, where it is the own one. */
export function hasNoWay(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'ENETDOWN' || code === 'EHOSTDOWN'
}
