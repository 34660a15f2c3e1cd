import { request as httpRequest, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Address } from '@plimsoll/model'
import { isBuildAsset } from '../assets/serve-asset.ts'
import type { Route } from '../table/table.ts'
import { answerItself } from './answer.ts'
import { cutClient } from './cut-client.ts'
import type { Ask } from './choose-release.ts'
import type { Claim, EdgeState } from './edge-state.ts'
import { trailersOf } from './header-rules.ts'
import { mayRepeat, type Failure } from './may-repeat.ts'
import { relayAnswer, relayHints } from './relay-answer.ts'
import type { UnitGate } from './unit-gate.ts'

/** A slow accept queue is not a slow answer: connecting is given this long, answering as long as the client waits. */
const connectMs = 5_000

export interface Switched {
  readonly answer: IncomingMessage
  readonly socket: Socket
  /** Bytes of the new protocol that came with the head. */
  readonly head: Buffer
}

/** One client request on its way to an upstream, over all its attempts. */
export interface Passage {
  readonly state: EdgeState
  readonly route: Route
  readonly ask: Ask
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly headers: readonly string[]
  readonly hasBody: boolean
  /** Set for a WebSocket handshake: what to do when the upstream switches protocols. */
  onUpgrade?: (switched: Switched) => void
  claim: Claim
  /** Addresses of the claimed Unit that were not tried yet. */
  untried: readonly Address[]
  /** Whether an attempt on a used socket was lost before; there is one repetition. */
  repeated: boolean
}

/** Sends the request to the claimed Unit and the answer back, trying again only where nothing can happen twice. */
export function forwardRequest(passage: Passage): void {
  attempt(passage, { fresh: passage.hasBody || !isIdempotent(passage.ask.method) })
}

function attempt(passage: Passage, { fresh }: { fresh: boolean }): void {
  const [address, ...untried] = passage.untried
  if (address === undefined) return giveUp(passage)
  passage.untried = untried
  const { gate } = passage.claim
  const upstream = httpRequest({
    host: address.host,
    port: address.port,
    method: passage.ask.method,
    path: passage.ask.url,
    headers: passage.headers,
    agent: fresh ? gate.fresh : gate.kept,
  })
  follow(passage, upstream)
}

function follow(passage: Passage, upstream: ClientRequest): void {
  const { response, request } = passage
  const seen = { connected: false, answered: false, over: false, bytesRead: () => 0 }
  const abandon = (): void => void upstream.destroy()
  response.once('close', abandon)
  const end = (error?: Error): void => {
    if (seen.over) return
    seen.over = true
    response.off('close', abandon)
    request.unpipe(upstream)
    if (seen.answered || response.destroyed) return
    recover(passage, { connected: seen.connected, reused: upstream.reusedSocket, bytesRead: seen.bytesRead(), error })
  }
  upstream.once('socket', (socket) => {
    const before = socket.bytesRead
    seen.bytesRead = () => socket.bytesRead - before
    whenConnected(upstream, socket, () => {
      seen.connected = true
      sendBody(passage, upstream)
    })
  })
  upstream.on('continue', () => continueUpload(request, response))
  upstream.on('information', (hints) => relayHints(response, hints))
  upstream.once('response', (answer) => {
    seen.answered = true
    relayAnswer({ answer, response, request, exchange: passage.claim.exchange, isAsset: isBuildAsset(passage.ask.url) })
  })
  if (passage.onUpgrade !== undefined) {
    upstream.once('upgrade', (answer, socket, head) => {
      seen.answered = true
      response.off('close', abandon)
      passage.onUpgrade?.({ answer, socket, head })
    })
  }
  upstream.once('error', end)
  // A 101 that nobody asked for ends without an error, and nobody must wait for it.
  upstream.once('close', () => end())
}

function whenConnected(upstream: ClientRequest, socket: Socket, start: () => void): void {
  if (!socket.connecting) return start()
  const timer = setTimeout(() => upstream.destroy(), connectMs)
  upstream.once('close', () => clearTimeout(timer))
  socket.once('connect', () => {
    clearTimeout(timer)
    start()
  })
}

function continueUpload(request: IncomingMessage, response: ServerResponse): void {
  response.writeContinue()
  response.shouldKeepAlive = request.httpVersion === '1.1' && !/\bclose\b/i.test(request.headers.connection ?? '')
}

/** The body flows only into a connection that stands, so a refused one has cost nothing. */
function sendBody({ request, hasBody }: Passage, upstream: ClientRequest): void {
  if (!hasBody) return void upstream.end()
  request.pipe(upstream, { end: false })
  request.once('end', () => {
    const trailers = trailersOf(request.rawTrailers)
    if (trailers.length > 0) upstream.addTrailers(trailers)
    upstream.end()
  })
}

function recover(passage: Passage, failure: Failure): void {
  passage.claim.exchange.upstreamFailed()
  const verdict = mayRepeat(failure, { idempotent: isIdempotent(passage.ask.method), hasBody: passage.hasBody, repeated: passage.repeated })
  if (verdict === 'no') return giveUp(passage)
  if (verdict === 'another-address' && passage.untried.length > 0) return attempt(passage, { fresh: true })
  if (verdict === 'again') passage.repeated = true
  if (!claimAgain(passage, verdict === 'another-address')) return giveUp(passage)
  attempt(passage, { fresh: true })
}

/** Moves the request to what is current by now. False when that is the Unit that just refused. */
function claimAgain(passage: Passage, refused: boolean): boolean {
  const before = passage.claim
  const next = passage.state.claim(passage.route, passage.ask, () => cutClient(passage))
  if (next === undefined) return false
  if (refused && next.gate === before.gate) {
    next.exchange.leave()
    return false
  }
  before.exchange.leave()
  passage.claim = next
  passage.untried = next.gate.addressesInTurn()
  return true
}

function giveUp({ request, response, claim, route }: Passage): void {
  claim.exchange.answered(502)
  answerItself(request, response, { status: 502, detail: `${nameOf(route, claim.gate)} did not answer.` })
}

export function nameOf(route: Route, gate: UnitGate): string {
  return `Service ${gate.service} of ${route.app} (release ${gate.release})`
}

export function isIdempotent(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'PUT' || method === 'DELETE' || method === 'OPTIONS' || method === 'TRACE'
}
