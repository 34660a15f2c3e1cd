import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { AssetStore } from '../assets/asset-store.ts'
import { serveAsset } from '../assets/serve-asset.ts'
import { serveSite } from '../files/serve-site.ts'
import type { Route } from '../table/table.ts'
import { afterHold } from './after-hold.ts'
import { answerItself, type OwnAnswer, rawAnswer } from './answer.ts'
import type { Ask } from './choose-release.ts'
import { type Asked, ClientConnection } from './client-connection.ts'
import type { ClientLimits } from './client-limits.ts'
import { cutClient } from './cut-client.ts'
import type { Claim, EdgeState } from './edge-state.ts'
import { forwardRequest, type Passage } from './forward-request.ts'
import { type RequestBody, requestHead } from './header-rules.ts'
import { pathOf, refusalOf } from './refusal.ts'
import { openTunnel } from './tunnel.ts'

/** What a listener needs to answer: where the request's route is read, and what stands behind routes. */
export interface Front {
  readonly state: EdgeState
  readonly assets: AssetStore
  readonly routeOf: (request: IncomingMessage) => Route | undefined
  readonly limits: ClientLimits
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
  const connections = new WeakMap<Duplex, ClientConnection>()
  server.on('connection', (socket) => connections.set(socket, new ClientConnection(socket)))
  server.on('clientError', (error, socket) => connections.get(socket)?.fail(error))
  const take = (request: IncomingMessage, response: ServerResponse, upgrade?: Upgrade): void => {
    const connection = connections.get(request.socket)
    connection?.take(asked({ front, connection, request, response, upgrade }))
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

/** A connection that asks to be one of another protocol, and what came on it behind the request. */
interface Upgrade {
  readonly socket: Duplex
  readonly head: Buffer
}

interface Visit {
  readonly front: Front
  readonly connection: ClientConnection
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly upgrade: Upgrade | undefined
}

function asked(visit: Visit): Asked {
  const { front, connection, request, response } = visit
  let passage: Passage | undefined
  const refuse = (own: OwnAnswer): void => {
    connection.close()
    passage?.attempt?.abandon()
    if (response.headersSent) cutClient({ request, response })
    else answerItself(request, response, { ...own, headers: { ...own.headers, connection: 'close' } })
  }
  return {
    request,
    response,
    refuse,
    answer: () => {
      if (visit.upgrade !== undefined) writeOver(response, visit.upgrade.socket)
      watchSilence(visit, refuse)
      const refusal = refusalOf(request, front.limits)
      if (refusal !== undefined) return refuse(refusal)
      const route = front.routeOf(request)
      afterHold({ state: front.state, route, request, response }, () => {
        passage = admit(visit, route, refuse)
        if (passage !== undefined) start(visit, passage)
      })
    },
    over: () => {
      passage?.attempt?.abandon()
      passage?.claim.exchange.leave()
    },
  }
}

function start({ front, request, response, upgrade }: Visit, passage: Passage): void {
  const { target } = passage.claim.gate
  const { exchange } = passage.claim
  if (target.kind === 'files') {
    if (upgrade !== undefined) return answerItself(request, response, { status: 404, detail: 'A static site has no WebSockets.' })
    return void serveSite({ log: front.log, target, request, response, url: passage.ask.url, exchange })
  }
  if (upgrade !== undefined) {
    passage.onUpgrade = (switched) => {
      response.detachSocket(upgrade.socket as Socket)
      openTunnel({ client: upgrade.socket, clientHead: upgrade.head, switched, exchange: passage.claim.exchange })
    }
  }
  forwardRequest(passage)
}

/** A client that is waited for is not waited for long; one that waits itself may do so. */
function watchSilence({ front, request, response }: Visit, refuse: Passage['refuse']): void {
  response.on('timeout', (socket: Socket) => {
    if (isSendingNothing(request)) refuse({ status: 408, detail: 'The rest of the body did not come in time.' })
    else if (response.writableNeedDrain) socket.destroy()
    else socket.setTimeout(front.limits.silenceMs)
  })
}

/** Whether a body is waited for that the upstream would take. */
function isSendingNothing(request: IncomingMessage): boolean {
  return !request.complete && !request.isPaused()
}

/** Answers from the edge's own store, or claims a Unit for the request. */
function admit({ front, ...visit }: Visit, route: Route | undefined, refuse: Passage['refuse']): Passage | undefined {
  const { request, response } = visit
  const answer = (own: OwnAnswer): undefined => void answerItself(request, response, own)
  if (route === undefined) return answer({ status: 404, detail: 'No service answers under this host name.' })
  const ask = { method: request.method ?? 'GET', url: pathOf(request), headers: request.headers }
  if (serveAsset({ assets: front.assets, table: front.state.table, route, ask, request, response })) return undefined
  const claim = front.state.claim(route, ask, () => cutClient({ request, response }))
  if (claim === undefined) return answer(nothingLive(route))
  return passageOf({ visit: { front, ...visit }, route, ask, claim, refuse })
}

function nothingLive({ app, service }: Route): OwnAnswer {
  return { status: 503, detail: `Service ${service} of ${app} has no live release.`, headers: { 'retry-after': '2' } }
}

interface Admitted {
  readonly visit: Visit
  readonly route: Route
  readonly ask: Ask
  readonly claim: Claim
  readonly refuse: Passage['refuse']
}

function passageOf({ visit: { front, request, response, upgrade }, route, ask, claim, refuse }: Admitted): Passage {
  const body = bodyOf(request)
  const { host, connection, te } = request.headers
  const head = requestHead(request.rawHeaders, {
    method: ask.method,
    url: ask.url,
    clientAddress: clientAddressOf(request.socket),
    host,
    connection,
    te: te?.toString(),
    proto: 'http',
    requestId: randomUUID(),
    body,
    upgrade: upgrade !== undefined,
  })
  const { bodyBytes } = front.limits
  return { state: front.state, route, ask, request, response, head, body, bodyBytes, claim, refuse, untried: claim.gate.addressesInTurn(), repeated: false }
}

function bodyOf(request: IncomingMessage): RequestBody {
  if (request.headers['transfer-encoding'] !== undefined) return 'chunked'
  const length = request.headers['content-length']
  if (length !== undefined) return Number(length) > 0 ? 'kept' : 'none'
  return request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS' ? 'none' : 'empty'
}

/** IPv4 clients of a dual listener come as `::ffff:127.0.0.1`. */
function clientAddressOf(socket: Socket): string {
  return (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '')
}

/** `websocket` and nothing else is upgraded; `h2c` would carry requests past the edge. Others are answered as if they had not asked. */
function isWebSocketHandshake(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.httpVersion === '1.1' && request.headers.upgrade?.toLowerCase() === 'websocket'
}

/** Node has handed the socket over, for when the upgrade is denied: that answer is the connection's last. */
function writeOver(response: ServerResponse, socket: Duplex): void {
  response.shouldKeepAlive = false
  response.assignSocket(socket as Socket)
  response.once('finish', () => (socket as Socket).destroySoon())
  socket.once('error', () => socket.destroy())
}
