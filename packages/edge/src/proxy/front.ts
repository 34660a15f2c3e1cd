import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { AssetStore } from '../assets/asset-store.ts'
import type { Admission } from '../member/vigil.ts'
import type { ClientLimits } from '../settings/client-limits.ts'
import type { Route } from '../table/table.ts'
import type { AccessLog } from './access-log.ts'
import { rawAnswer } from './answer.ts'
import type { ClientConnections } from './client-connections.ts'
import type { OriginOf } from './client-origin.ts'
import type { EdgeState } from './edge-state.ts'
import { isWebSocketHandshake, type Upgrade, Visit } from './visit.ts'

/** What a listener needs to answer: where the request's route is read, and what stands behind routes. */
export interface Front {
  readonly state: EdgeState
  readonly assets: AssetStore
  readonly clients: ClientConnections
  readonly routeOf: (request: IncomingMessage) => Route | undefined
  readonly originOf: OriginOf
  readonly limits: ClientLimits
  readonly accessLog: AccessLog
  readonly admission: Admission
  /** Where the files of a static site lie on this machine. */
  readonly siteRootOf: (site: { readonly unit: string; readonly root: string }) => string
  readonly log: (line: string) => void
}

/** One HTTP server for one listening address; not listening yet. */
export function createFront(front: Front): Server {
  const { headersMs, silenceMs, idleMs, headBytes } = front.limits
  const server = createServer({
    maxHeaderSize: headBytes,
    headersTimeout: headersMs,
    connectionsCheckingInterval: Math.ceil(headersMs / 4),
    requestTimeout: 0,
    keepAliveTimeout: idleMs,
    noDelay: true,
    shouldUpgradeCallback: isWebSocketHandshake,
  })
  server.timeout = silenceMs
  // Node's default drops headers behind the 2000th without a word; our own limit refuses them.
  server.maxHeadersCount = 0
  front.clients.admitAll(server, (socket, status) => {
    front.accessLog.write({ client: socket.remoteAddress ?? 'unknown', status, ms: 0, bytes: 0, whole: true })
  })
  const take = (request: IncomingMessage, response: ServerResponse, upgrade?: Upgrade): void => {
    const connection = front.clients.of(request)
    connection?.take(new Visit({ front, connection, request, response, upgrade }))
  }
  server.on('request', (request, response) => take(request, response))
  server.on('checkContinue', (request, response) => {
    // Without a 100 nobody knows whether the body follows its head; `continueUpload` takes this back.
    response.shouldKeepAlive = false
    take(request, response)
  })
  server.on('checkExpectation', (request, response) => take(request, response))
  server.on('upgrade', (request, socket, head) => take(request, new ServerResponse(request), { socket, head }))
  server.on('connect', (_request, socket) => socket.end(rawAnswer({ status: 405, detail: 'CONNECT is not answered here.' })))
  return server
}
