import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { serveAsset } from '../assets/serve-asset.ts'
import { serveSite } from '../files/serve-site.ts'
import type { Route } from '../table/table.ts'
import { afterHold } from './after-hold.ts'
import { answerItself, type OwnAnswer } from './answer.ts'
import { type Asked, type ClientConnection, isAwaited, tooSlow } from './client-connection.ts'
import type { ClientOrigin } from './client-origin.ts'
import { cutClient } from './cut-client.ts'
import { forwardRequest, type Passage } from './forward-request.ts'
import type { Front } from './front.ts'
import { type RequestBody, requestHead, requestIdOf } from './header-rules.ts'
import { pathOf, refusalOf } from './refusal.ts'
import { openTunnel } from './tunnel.ts'

/** A connection that asks to be one of another protocol, and what came on it behind the request. */
export interface Upgrade {
  readonly socket: Duplex
  readonly head: Buffer
}

export interface VisitOptions {
  readonly front: Front
  readonly connection: ClientConnection
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly upgrade: Upgrade | undefined
}

/** What the log keeps of a path and of a user agent. */
const [maxPath, maxAgent] = [2_000, 300]

/** One request from its head to the end of its answer. */
export class Visit implements Asked {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly #options: VisitOptions
  readonly #origin: ClientOrigin
  readonly #id: string
  readonly #cameAt = performance.now()
  #bytesBefore = 0
  #route: Route | undefined
  #passage: Passage | undefined

  constructor(options: VisitOptions) {
    const { front, request, response } = options
    this.#options = options
    this.request = request
    this.response = response
    this.#origin = front.originOf(request, request.socket.remoteAddress)
    this.#id = requestIdOf(request.headers['x-request-id']) ?? randomUUID()
  }

  answer(): void {
    const { request, response } = this
    const { front, upgrade } = this.#options
    this.#bytesBefore = request.socket.bytesWritten
    if (upgrade !== undefined) writeOver(response, upgrade.socket)
    response.on('timeout', this.#silent)
    const refusal = refusalOf(request, front.limits)
    if (refusal !== undefined) return this.refuse(refusal)
    front.admission.admit(() => this.#look())
  }

  /** Which service it is for, and whether that may be asked. */
  #look(): void {
    const { request, response } = this
    const { front } = this.#options
    if (response.destroyed) return
    this.#route = front.routeOf(request)
    afterHold({ state: front.state, route: this.#route, request, response }, () => this.#go())
  }

  refuse(own: OwnAnswer): void {
    const { request, response } = this
    this.#options.connection.close()
    this.#passage?.attempt?.abandon()
    if (response.headersSent) cutClient({ request, response })
    else answerItself(request, response, { ...own, headers: { ...own.headers, connection: 'close' } })
  }

  over(): void {
    this.#passage?.attempt?.abandon()
    this.#passage?.claim.exchange.leave()
    if (this.#options.front.accessLog.keeps) this.#note()
  }

  #go(): void {
    const { request, response } = this
    const { front, upgrade } = this.#options
    this.#passage = this.#admit()
    const passage = this.#passage
    if (passage === undefined) return
    const { gate: { target }, exchange, cookie } = passage.claim
    if (target.kind !== 'files') return forwardRequest(passage)
    if (upgrade !== undefined) return answerItself(request, response, { status: 404, detail: 'A static site has no WebSockets.' })
    if (cookie !== undefined) response.setHeader('Set-Cookie', cookie)
    void serveSite({ log: front.log, target: { ...target, root: front.siteRootOf(target) }, request, response, url: passage.ask.url, exchange })
  }

  /** Answers from the edge's own store, or claims a Unit for the request. */
  #admit(): Passage | undefined {
    const { request, response } = this
    const { state, assets } = this.#options.front
    const route = this.#route
    const answer = (own: OwnAnswer): undefined => void answerItself(request, response, own)
    if (route === undefined) return answer({ status: 404, detail: 'No service answers under this host name.' })
    const ask = { method: request.method ?? 'GET', url: pathOf(request), headers: request.headers }
    if (serveAsset({ assets, table: state.table, route, ask, request, response })) return undefined
    const claim = state.claim(route, ask, () => cutClient({ request, response }))
    if (claim === undefined) return answer(nothingLive(route))
    return this.#passageTo({ route, ask, claim })
  }

  #passageTo({ route, ask, claim }: Pick<Passage, 'route' | 'ask' | 'claim'>): Passage {
    const { request, response } = this
    const { front: { state, limits }, upgrade } = this.#options
    const { host, connection, te } = request.headers
    const body = bodyOf(request)
    const head = requestHead(request.rawHeaders, {
      ...ask, host, connection, body,
      te: te?.toString(),
      client: this.#origin,
      requestId: this.#id,
      upgrade: upgrade !== undefined,
    })
    const refuse = (own: OwnAnswer): void => this.refuse(own)
    const passage: Passage = { state, route, ask, request, response, head, body, bodyBytes: limits.bodyBytes, claim, refuse, untried: claim.gate.addressesInTurn(), repeated: false, stalls: 0, waited: false }
    if (upgrade !== undefined) {
      passage.onUpgrade = (switched) => {
        response.statusCode = 101
        response.detachSocket(upgrade.socket as Socket)
        openTunnel({ client: upgrade.socket, clientHead: upgrade.head, switched, exchange: passage.claim.exchange })
      }
    }
    return passage
  }

  /** A client that is waited for is not waited for long; one that waits itself may do so. */
  readonly #silent = (socket: Socket): void => {
    if (isAwaited(this.request)) this.refuse(tooSlow)
    else if (this.response.writableNeedDrain) socket.destroy()
    else socket.setTimeout(this.#options.front.limits.silenceMs)
  }

  #note(): void {
    const { request, response } = this
    const passage = this.#passage
    const gate = passage?.claim.gate
    this.#options.front.accessLog.write({
      id: this.#id,
      client: this.#origin.address,
      method: request.method ?? '',
      host: request.headers.host ?? '',
      path: (request.url ?? '').split('?', 1)[0]?.slice(0, maxPath) ?? '',
      status: response.headersSent || response.statusCode === 101 ? response.statusCode : 0,
      ms: Math.round((performance.now() - this.#cameAt) * 10) / 10,
      bytes: request.socket.bytesWritten - this.#bytesBefore,
      whole: response.writableFinished || response.statusCode === 101,
      ...(this.#route !== undefined && { app: this.#route.app, service: this.#route.service }),
      ...(gate !== undefined && { release: gate.release }),
      ...(passage?.attempt !== undefined && { upstream: passage.attempt.address }),
      agent: (request.headers['user-agent'] ?? '').slice(0, maxAgent),
    })
  }
}

function nothingLive({ app, service }: Route): OwnAnswer {
  return { status: 503, detail: `Service ${service} of ${app} has no live release.`, headers: { 'retry-after': '2' } }
}

function bodyOf(request: IncomingMessage): RequestBody {
  if (request.headers['transfer-encoding'] !== undefined) return 'chunked'
  const length = request.headers['content-length']
  if (length !== undefined) return Number(length) > 0 ? 'kept' : 'none'
  return request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS' ? 'none' : 'empty'
}

/** `websocket` and nothing else is upgraded; `h2c` would carry requests past the edge. Others are answered as if they had not asked. */
export function isWebSocketHandshake(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.httpVersion === '1.1' && request.headers.upgrade?.toLowerCase() === 'websocket'
}

/** Node has handed the socket over, for when the upgrade is denied: that answer is the connection's last. */
function writeOver(response: ServerResponse, socket: Duplex): void {
  response.shouldKeepAlive = false
  response.assignSocket(socket as Socket)
  response.once('finish', () => (socket as Socket).destroySoon())
  socket.once('error', () => socket.destroy())
}
