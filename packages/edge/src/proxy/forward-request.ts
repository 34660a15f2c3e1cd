import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Address } from '@plimsoll/model'
import type { Route } from '../table/table.ts'
import { answerItself, type OwnAnswer } from './answer.ts'
import type { Ask } from './choose-release.ts'
import { cutClient } from './cut-client.ts'
import type { Claim, EdgeState } from './edge-state.ts'
import type { RequestBody } from './header-rules.ts'
import { mayRepeat, type Failure } from './may-repeat.ts'
import type { UnitGate } from './unit-gate.ts'
import type { AnswerHead } from './upstream/answer-head.ts'
import { Attempt } from './upstream/attempt.ts'
import { discardRest } from './upstream/upload.ts'

export interface Switched {
  readonly answer: AnswerHead
  readonly socket: Socket
  /** Bytes of the new protocol that came with the head. */
  readonly head: Buffer
}

/** One client request on its way to an upstream, over all its attempts. */
export interface Passage {
  readonly state: EdgeState
  readonly route: Route
  ask: Ask
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** What the upstream gets before the body, as it goes over the wire. */
  readonly head: string
  readonly body: RequestBody
  /** The most that the body may have. */
  readonly bodyBytes: number
  /** Ends the request with this answer, or cuts the client when its answer has begun; the connection ends in any case. */
  refuse(own: OwnAnswer): void
  /** Set for a WebSocket handshake: what to do when the upstream switches protocols. */
  onUpgrade?: (switched: Switched) => void
  claim: Claim
  /** Addresses of the claimed Unit that were not tried yet. */
  untried: readonly Address[]
  /** Whether an attempt on a used socket was lost before; there is one repetition. */
  repeated: boolean
  /** How often it was asked again because it had waited for long. */
  stalls: number
  /** Whether nobody was there to take it before. */
  waited: boolean
  /** The one under way, or the last one. */
  attempt?: Attempt
}

/** What waits for a service on a lost machine may wait again the next time: whoever it was asked of may have kept another connection there. */
const mostStalls = 2

/** Sends the request to the claimed Unit and the answer back, trying again only where nothing can happen twice. */
export function forwardRequest(passage: Passage): void {
  attempt(passage, { fresh: hasBody(passage) || !isIdempotent(passage.ask.method) })
}

function attempt(passage: Passage, { fresh }: { fresh: boolean }): void {
  const [address, ...untried] = passage.untried
  if (address === undefined) return giveUp(passage)
  passage.untried = untried
  const repeatable = isIdempotent(passage.ask.method) && !hasBody(passage) && passage.stalls < mostStalls && passage.onUpgrade === undefined
  passage.attempt = new Attempt({ passage, address, fresh, repeatable, onLost: recover })
}

function recover(passage: Passage, failure: Failure): void {
  if (!passage.waited) passage.claim.exchange.upstreamFailed()
  const verdict = mayRepeat(failure, { idempotent: isIdempotent(passage.ask.method), hasBody: hasBody(passage), repeated: passage.repeated, others: passage.untried.length > 0 })
  if (!failure.connected && passage.attempt !== undefined) passage.claim.gate.refused(passage.attempt.at)
  if (verdict === 'no') return giveUp(passage)
  if (verdict === 'another-address' && passage.untried.length > 0) return attempt(passage, { fresh: true })
  if (failure.stalled) passage.stalls += 1
  else if (verdict !== 'another-address') passage.repeated = true
  if (verdict === 'elsewhere') return attempt(passage, { fresh: true })
  if (claimAgain(passage, verdict === 'another-address')) return attempt(passage, { fresh: true })
  if (verdict === 'again' || !waitForInstance(passage)) giveUp(passage)
}

/** Nobody has seen the request, so it may wait until an instance is there. False when it shall not wait any longer. */
function waitForInstance(passage: Passage): boolean {
  passage.waited = true
  return passage.claim.gate.absence.wait({
    isOpen: () => passage.claim.exchange.open,
    tryAgain: () => {
      if (!claimAgain(passage, true)) passage.untried = passage.claim.gate.addressesInTurn()
      attempt(passage, { fresh: true })
    },
  })
}

/** Moves the request to what is current by now. False when that is the Unit that just refused. */
function claimAgain(passage: Passage, refused: boolean): boolean {
  const before = passage.claim
  // Another release may not be what the tab knows, but it is better than nobody.
  if (refused) passage.ask = { ...passage.ask, fromLive: true }
  const next = passage.state.claim(passage.route, passage.ask, () => cutClient(passage))
  if (next === undefined) return false
  if (refused && next.gate === before.gate) {
    next.exchange.giveUp()
    return false
  }
  before.exchange.giveUp()
  passage.claim = next
  passage.untried = next.gate.addressesInTurn()
  return true
}

function giveUp({ request, response, claim, route, ask }: Passage): void {
  claim.exchange.answered(502, ask)
  answerItself(request, response, { status: 502, detail: `${nameOf(route, claim.gate)} did not answer.` })
  discardRest(request)
}

function hasBody({ body }: Passage): boolean {
  return body === 'kept' || body === 'chunked'
}

export function nameOf(route: Route, gate: UnitGate): string {
  return `Service ${gate.service} of ${route.app} (release ${gate.release})`
}

export function isIdempotent(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'PUT' || method === 'DELETE' || method === 'OPTIONS'
}
