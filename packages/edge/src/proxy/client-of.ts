import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/** Who asks, as the upstream is told. */
export interface Client {
  readonly address: string
  readonly proto: 'http' | 'https'
}

/**
 * The other end of the connection; behind a TLS front the one that the front names. Of a list the last is taken: what
 * stands before it was said by the client.
 */
export function clientOf(request: IncomingMessage, { behindFront }: { readonly behindFront: boolean }): Client {
  const address = addressOf(request)
  if (!behindFront) return { address, proto: 'http' }
  const named = lastOf(request.headers['x-forwarded-for'])
  const proto = lastOf(request.headers['x-forwarded-proto'])
  return { address: isIP(named) === 0 ? address : named, proto: proto === 'https' ? 'https' : 'http' }
}

/** Whether the name is one that this machine gives itself. Every other one leads here through a front only: the edge listens on loopback addresses. */
export function isLocalName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost')
}

/** IPv4 clients of a dual listener come as `::ffff:127.0.0.1`. */
function addressOf({ socket }: IncomingMessage): string {
  return (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '')
}

function lastOf(value: string | string[] | undefined): string {
  return value?.toString().split(',').at(-1)?.trim() ?? ''
}
