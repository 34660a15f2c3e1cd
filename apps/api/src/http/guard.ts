import { createHash, timingSafeEqual } from 'node:crypto'
import { PlimsollError } from '@plimsoll/model'
import type { FastifyInstance } from 'fastify'

const loopbackHosts = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/

export interface Guarding {
  readonly token: string
  /** Who may ask: this machine, or everybody who reaches the port. */
  readonly from: 'this machine' | 'everywhere'
}

/**
 * Lets in only who knows the token, and from this machine only under a loopback name: a web page in the same
 * browser that makes its own host name point here is refused before the token is looked at.
 */
export function guard(api: FastifyInstance, { token, from }: Guarding): void {
  const wanted = sha256(`Bearer ${token}`)
  api.addHook('onRequest', async (request) => {
    if (from === 'this machine' && !loopbackHosts.test(request.headers.host ?? '')) throw new PlimsollError('UNAUTHORIZED', `Plimsoll does not answer to the name "${request.headers.host ?? ''}"`)
    if (request.url === '/healthz') return
    if (timingSafeEqual(sha256(request.headers.authorization ?? ''), wanted)) return
    throw new PlimsollError('UNAUTHORIZED', 'The API token is missing or wrong', { hint: 'It is in the file api/token of the state directory, readable by its owner only.' })
  })
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
