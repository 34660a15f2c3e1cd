import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** What answers a request. */
export type Answering = Pick<FastifyInstance, 'routing'>

/** The one port of a process in which one API takes the place of another: who has come in is answered where they came in. */
export interface FrontDoor {
  readonly port: number
  /** Whoever comes from now on meets `api`, which must be ready and listens nowhere itself. */
  leadTo(api: Answering): void
  /** Lets nobody in any more, waits for requests that are being answered, and then ends what is left: streams, and idle connections. */
  close(graceMs: number): Promise<void>
}

export interface DoorOptions {
  readonly host: string
  readonly port: number
  /** What every answer says that it comes from. */
  readonly servedBy: string | undefined
}

export async function openFrontDoor(api: Answering, { host, port, servedBy }: DoorOptions): Promise<FrontDoor> {
  let current = api
  const answering = new Set<ServerResponse>()
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (servedBy !== undefined) response.setHeader('x-served-by', servedBy)
    answering.add(response)
    response.once('close', () => answering.delete(response))
    current.routing(request, response)
  })
  // As Fastify has them: a commit that is sent from a laptop may take its time, and whoever keeps a connection is not to find it closed.
  server.requestTimeout = 0
  server.keepAliveTimeout = 72_000
  server.listen({ host, port })
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: (next) => void (current = next),
    async close(graceMs) {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      // A stream has its head already, and no end of its own.
      const waited = [...answering].filter((response) => !isStream(response)).map((response) => once(response, 'close'))
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, graceMs)
      await Promise.race([Promise.all(waited), late])
      clearTimeout(timer)
      server.closeAllConnections()
      await closed
    },
  }
}

function isStream(response: ServerResponse): boolean {
  return response.headersSent && String(response.getHeader('content-type')).startsWith('text/event-stream')
}
