import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { AssetStore } from '../assets/asset-store.ts'
import { serveAsset } from '../assets/serve-asset.ts'
import { serveSite } from '../files/serve-site.ts'
import type { Route } from '../table/table.ts'
import { afterHold } from './after-hold.ts'
import { answerItself, type OwnAnswer } from './answer.ts'
import type { Ask } from './choose-release.ts'
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

/** How slow a client may be. Nothing here ends an answer that a client takes, however long it is under way. */
export interface ClientLimits {
  /** For a request's head. */
  readonly headersMs: number
  /** Without a byte, in an upload that we wait for or in an answer that we could go on with. */
  readonly silenceMs: number
}

export const usualLimits: ClientLimits = { headersMs: 20_000, silenceMs: 60_000 }

/** One HTTP server for one listening address; not listening yet. */
export function createFront(front: Front): Server {
  const { headersMs, silenceMs } = front.limits
  const server = createServer({
    maxHeaderSize: 32 * 1024,
    headersTimeout: headersMs,
    connectionsCheckingInterval: Math.ceil(headersMs / 4),
    requestTimeout: 0,
    // Above the 60 s of common load balancers in front, so that they close idle connections and we do not.
    keepAliveTimeout: 75_000,
    noDelay: true,
    shouldUpgradeCallback: isWebSocketHandshake,
  })
  server.timeout = silenceMs
  // Node's default drops headers behind the 2000th without a word; the size limit bounds them well enough.
  server.maxHeadersCount = 0
  server.on('request', (request, response) => handle(front, request, response))
  server.on('checkContinue', (request, response) => {
    // Without a 100 nobody knows whether the body follows its head; `continueUpload` takes this back.
    response.shouldKeepAlive = false
    handle(front, request, response)
  })
  server.on('upgrade', (request, socket, head) => handleUpgrade(front, request, { socket, head }))
  server.on('connect', (_request, socket) => socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'))
  return server
}

function handle(front: Front, request: IncomingMessage, response: ServerResponse): void {
  response.on('timeout', (socket: Socket) => {
    if (isStuck(request, response)) socket.destroy()
    else socket.setTimeout(front.limits.silenceMs)
  })
  afterHold({ state: front.state, route: front.routeOf(request), request, response }, () => serve(front, request, response))
}

function serve(front: Front, request: IncomingMessage, response: ServerResponse): void {
  const passage = admit(front, request, response)
  if (passage === undefined) return
  const { gate: { target }, cookie } = passage.claim
  if (target.kind === 'files' && cookie !== undefined) response.setHeader('Set-Cookie', cookie)
  if (target.kind === 'files') void serveSite({ log: front.log, target, request, response, url: passage.ask.url, exchange: passage.claim.exchange })
  else forwardRequest(passage)
}

function handleUpgrade(front: Front, request: IncomingMessage, client: { socket: Duplex; head: Buffer }): void {
  const response = responseOver(request, client.socket)
  afterHold({ state: front.state, route: front.routeOf(request), request, response }, () => upgrade(front, request, { ...client, response }))
}

function upgrade(front: Front, request: IncomingMessage, client: { socket: Duplex; head: Buffer; response: ServerResponse }): void {
  const { response } = client
  const passage = admit(front, request, response)
  if (passage === undefined) return
  if (passage.claim.gate.target.kind === 'files') return answerItself(request, response, { status: 404, detail: 'A static site has no WebSockets.' })
  passage.onUpgrade = (switched) => {
    response.detachSocket(client.socket as Socket)
    openTunnel({ client: client.socket, clientHead: client.head, switched, exchange: passage.claim.exchange })
  }
  forwardRequest(passage)
}

/** Whether the silence is the client's: it sends nothing of a body that is asked for, or takes nothing of the answer. */
function isStuck(request: IncomingMessage, response: ServerResponse): boolean {
  return (!request.complete && !request.isPaused()) || response.writableNeedDrain
}

/** Refuses, answers from the edge's own store, or claims a Unit for the request. */
function admit(front: Front, request: IncomingMessage, response: ServerResponse): Passage | undefined {
  const answer = (own: OwnAnswer): undefined => void answerItself(request, response, own)
  const refusal = refusalOf(request)
  if (refusal !== undefined) return answer({ ...refusal, headers: { connection: 'close' } })
  const route = front.routeOf(request)
  if (route === undefined) return answer({ status: 404, detail: 'No service answers under this host name.' })
  const ask = { method: request.method ?? 'GET', url: pathOf(request.url ?? '/'), headers: request.headers }
  if (serveAsset({ assets: front.assets, table: front.state.table, route, ask, request, response })) return undefined
  const claim = front.state.claim(route, ask, () => cutClient({ request, response }))
  if (claim === undefined) return answer(nothingLive(route))
  const passage = passageOf({ front, route, ask, request, response, claim })
  response.once('close', () => {
    passage.attempt?.abandon()
    passage.claim.exchange.leave()
  })
  return passage
}

function nothingLive({ app, service }: Route): OwnAnswer {
  return { status: 503, detail: `Service ${service} of ${app} has no live release.`, headers: { 'retry-after': '2' } }
}

interface Admitted {
  readonly front: Front
  readonly route: Route
  readonly ask: Ask
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly claim: Claim
}

function passageOf({ front, route, ask, request, response, claim }: Admitted): Passage {
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
    upgrade: isWebSocketHandshake(request),
  })
  return { state: front.state, route, ask, request, response, head, body, claim, untried: claim.gate.addressesInTurn(), repeated: false }
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

/** A response on a socket that Node has handed over for an upgrade, for when the upgrade is denied. */
function responseOver(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(socket as Socket)
  response.once('finish', () => socket.end())
  socket.once('error', () => socket.destroy())
  return response
}
