import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How one request is answered; `hang`: never. */
type Reply = 'hang' | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }

export interface HttpReceiver {
  readonly url: string
  readonly received: readonly { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }[]
  /** Each request gets the next, and the last one for ever. */
  replies: readonly Reply[]
  onRequest: () => void
  close(): Promise<void>
}

/** An HTTP server that takes everything, until it is told otherwise. */
export async function httpReceiver(): Promise<HttpReceiver> {
  const received: { path: string; headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const reply = made.replies[Math.min(received.length, made.replies.length - 1)] ?? { status: 200 }
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(pieces).toString('utf8') })
      if (reply !== 'hang') response.writeHead(reply.status, reply.headers).end(reply.body ?? '')
      made.onRequest()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const made: HttpReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/secret-path`, received, replies: [{ status: 200 }], onRequest: () => undefined,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return made
}
