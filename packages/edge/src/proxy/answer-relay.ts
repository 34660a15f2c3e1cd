import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { answerMissingAsset } from '../assets/serve-asset.ts'
import { answerItself } from './answer.ts'
import { cutClient } from './cut-client.ts'
import type { Exchange } from './exchange.ts'
import { headerValues, type RawHeaders, responseHeaders, trailersOf } from './header-rules.ts'
import { withCopy } from './slabs.ts'
import type { AnswerHead } from './upstream/answer-head.ts'
import type { Range } from './upstream/answer-reader.ts'

/** Up to here a whole body leaves as one string with its head, in one write; Node takes no memory for strings of this size. */
const oneWriteBytes = 8 * 1024

export interface Relay {
  readonly head: AnswerHead
  readonly response: ServerResponse
  readonly request: IncomingMessage
  readonly exchange: Exchange
  /** The upstream's socket: it waits while the client takes no more. */
  readonly source: Socket
  /** Whether a file with a hashed name was asked for: then a page or a 404 of the upstream becomes a plain 404. */
  readonly isAsset: boolean
  /** Set beside the cookies of the upstream. */
  readonly cookie: string | undefined
  /** The deployment id that the client is told when the upstream does not tell one. */
  readonly named: string | undefined
}

/** Sends the upstream's answer to the client as it arrives. A cut answer cuts the client: it never ends as if it were whole. */
export class AnswerRelay {
  readonly #relay: Relay
  #waiting = false
  #listening = false
  #flushed = false

  constructor(relay: Relay) {
    this.#relay = relay
  }

  /** Sends the head. `replaced`: the client was answered with something else. `refused`: that too, because Node refuses the head. */
  begin(): 'relayed' | 'replaced' | 'refused' {
    const { head, response, request, exchange, source, isAsset, named, cookie } = this.#relay
    exchange.answered(head.status, request)
    if (isAsset && isMissing(head)) {
      answerMissingAsset(response)
      return 'replaced'
    }
    try {
      response.sendDate = false
      const headers = withId(responseHeaders(head), named)
      response.writeHead(head.status, head.reason, cookie === undefined ? headers : [...headers, 'Set-Cookie', cookie])
    } catch {
      // Node's own rules for heads are stricter somewhere: it is not passed on.
      exchange.upstreamFailed()
      answerItself(request, response, { status: 502, detail: 'The answer of the service is not valid HTTP.' })
      return 'refused'
    }
    if (/^text\/event-stream\b/i.test(head.contentType ?? '')) {
      // An event stream has no end that could be missed: clients come back by themselves, to what is live then.
      exchange.becomeStream(() => void (response.end(), source.destroy()))
    }
    return 'relayed'
  }

  /** Sends these bytes of the body, none perhaps. */
  write(bytes: Buffer, range: Range): void {
    const { response, source } = this.#relay
    if (isOver(response)) return
    if (range.from === range.to) return this.#flushSoon()
    this.#flushed = true
    if (withCopy(bytes, range, (copy, give) => response.write(copy, give))) return
    this.#waiting = true
    source.pause()
    if (!this.#listening) response.on('drain', this.#drained)
    this.#listening = true
  }

  /** Sends the last bytes of the body, none perhaps, and the end. */
  endWith(bytes: Buffer, { from, to }: Range, rawTrailers: RawHeaders): void {
    const { response } = this.#relay
    if (isOver(response)) return
    const trailers = trailersOf(rawTrailers)
    if (trailers.length > 0) response.addTrailers(trailers)
    if (from === to) response.end()
    else if (to - from <= oneWriteBytes) response.end(bytes.toString('latin1', from, to), 'latin1')
    else withCopy(bytes, { from, to }, (copy, give) => response.end(copy, give))
  }

  /** The end of a body that only the end of its connection tells. */
  end(): void {
    if (!isOver(this.#relay.response)) this.#relay.response.end()
  }

  /** The upstream was lost in the middle. */
  cut(): void {
    if (isOver(this.#relay.response)) return
    this.#relay.exchange.upstreamFailed()
    cutClient(this.#relay)
  }

  readonly #drained = (): void => {
    if (this.#waiting) this.#relay.source.resume()
    this.#waiting = false
  }

  /** The head leaves with the first bytes of the body when they are about to come, alone when they are not. */
  #flushSoon(): void {
    if (this.#flushed) return
    this.#flushed = true
    const { response } = this.#relay
    setImmediate(() => {
      if (!isOver(response)) response.flushHeaders()
    })
  }
}

const idHeader = 'x-nextjs-deployment-id'

function withId(headers: string[], id: string | undefined): string[] {
  return id === undefined || headerValues(headers, idHeader).length > 0 ? headers : [...headers, idHeader, id]
}

function isOver(response: ServerResponse): boolean {
  return response.destroyed || response.writableEnded
}

function isMissing({ status, contentType }: AnswerHead): boolean {
  return status === 404 || /^text\/html\b/i.test(contentType ?? '')
}

/** Asks the client for its body, as the upstream does. Once is enough, and HTTP/1.0 does not know what it means. */
export function continueUpload(request: IncomingMessage, response: ServerResponse): void {
  if (response.shouldKeepAlive || request.httpVersion !== '1.1') return
  response.writeContinue()
  response.shouldKeepAlive = request.httpVersion === '1.1' && !/\bclose\b/i.test(request.headers.connection ?? '')
}

/** Passes 103 Early Hints on. A client of HTTP/1.0 does not expect them. */
export function relayHints(response: ServerResponse, fields: RawHeaders): void {
  if (response.headersSent || response.req.httpVersion !== '1.1') return
  const link = headerValues(fields, 'link')
  if (link.length === 0) return
  try {
    response.writeEarlyHints({ link })
  } catch {
    // A Link that Node finds malformed is not passed on; hints may be dropped at will.
  }
}
