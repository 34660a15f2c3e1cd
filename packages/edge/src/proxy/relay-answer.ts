import type { IncomingMessage, InformationEvent, ServerResponse } from 'node:http'
import { answerMissingAsset } from '../assets/serve-asset.ts'
import { answerItself } from './answer.ts'
import { cutClient } from './cut-client.ts'
import type { Exchange } from './exchange.ts'
import { headerValue, responseHeaders, trailersOf } from './header-rules.ts'

/** A client that goes on sending after its answer is listened to this long, so that the answer is not lost in a reset. */
const lingerMs = 5_000

export interface Relay {
  readonly answer: IncomingMessage
  readonly response: ServerResponse
  readonly request: IncomingMessage
  readonly exchange: Exchange
  /** Whether a file with a hashed name was asked for: then a page or a 404 of the upstream becomes a plain 404. */
  readonly isAsset: boolean
}

/** Sends the upstream's answer to the client as it arrives. A cut answer cuts the client: it never ends as if it were whole. */
export function relayAnswer(relay: Relay): void {
  const { answer, response, exchange } = relay
  exchange.answered(answer.statusCode ?? 502)
  if (relay.isAsset && isMissing(answer)) {
    answer.resume()
    return answerMissingAsset(response)
  }
  if (!sendHead(relay)) return
  if (/^text\/event-stream\b/i.test(headerValue(answer.rawHeaders, 'content-type') ?? '')) {
    // An event stream has no end that could be missed: clients come back by themselves, to what is live then.
    exchange.becomeStream(() => void (response.end(), answer.destroy()))
  }
  answer.pipe(response, { end: false })
  answer.once('end', () => {
    finish(relay)
  })
  const cut = (): void => {
    if (answer.complete || response.destroyed || response.writableEnded) return
    exchange.upstreamFailed()
    cutClient(relay)
  }
  answer.once('error', cut)
  answer.once('close', cut)
}

function isMissing(answer: IncomingMessage): boolean {
  return answer.statusCode === 404 || /^text\/html\b/i.test(headerValue(answer.rawHeaders, 'content-type') ?? '')
}

function sendHead({ answer, response, request, exchange }: Relay): boolean {
  try {
    response.sendDate = false
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', responseHeaders(answer.rawHeaders))
  } catch {
    // The upstream's head holds what Node refuses to send (a status of 1000, a control character): it is not passed on.
    exchange.upstreamFailed()
    answer.destroy()
    answerItself(request, response, { status: 502, detail: 'The answer of the service is not valid HTTP.' })
    return false
  }
  // The head leaves with the first bytes of the body when they are here already, alone when they are not.
  setImmediate(() => {
    if (!response.destroyed && !response.writableEnded) response.flushHeaders()
  })
  return true
}

function finish({ answer, response, request }: Relay): void {
  const trailers = trailersOf(answer.rawTrailers)
  if (trailers.length > 0) response.addTrailers(trailers)
  response.end()
  if (request.complete) return
  request.unpipe()
  request.resume()
  const timer = setTimeout(() => request.destroy(), lingerMs)
  request.once('close', () => clearTimeout(timer))
}

/** Passes 103 Early Hints on. A client of HTTP/1.0 does not expect them. */
export function relayHints(response: ServerResponse, hints: InformationEvent): void {
  if (hints.statusCode !== 103 || response.headersSent || response.req.httpVersion !== '1.1') return
  const link = hints.headers.link
  if (link === undefined) return
  try {
    response.writeEarlyHints({ link })
  } catch {
    // A Link that Node finds malformed is not passed on; hints may be dropped at will.
  }
}
