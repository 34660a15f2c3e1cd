import { hasCode } from '../../process/durable-file.ts'
import { allowanceOf } from './allowance.ts'
import { backOffMs, withJitterMs } from './back-off.ts'
import type { Pacer } from './pacer.ts'
import { readRateLimit } from './rate-limit-headers.ts'
import { renderBusy, renderDown, renderRefused, saidIn } from './render-failure.ts'
import type { RenderConnection } from './render-connection.ts'
import { queryText, type RenderMethod, type RenderRequest } from './render-request.ts'

export interface Post extends RenderConnection {
  readonly patienceMs: number
  readonly answerMs: number
  readonly pacer: Pacer
}

export interface Sending extends RenderRequest {
  readonly method: RenderMethod
  readonly body?: unknown
  /** May be sent again although nobody knows whether it was done. */
  readonly repeatable?: boolean
  /** Whether it was done although no answer came. Asked before it is sent again. */
  readonly isDone?: () => Promise<boolean>
  /** Statuses that mean "there is none", and are no failure. */
  readonly absent?: readonly number[]
}

/** The answer's body; undefined for what is absent, and for what was seen to be done without an answer. */
export interface Sent {
  readonly text: string | undefined
}

/** What a try came to: an answer, or the loss of it. */
type Try =
  | { readonly status: number; readonly text: string; readonly headers: Headers }
  | { readonly lost: unknown }

const mostTries = 7
/** Of what stands before Render or of Render itself: it may be well again soon. */
const passing = [429, 500, 502, 503, 504]

/**
 * Sends in its turn, and again after a growing while when there was no answer or one of a failure that passes. What must not be done twice is looked for first, and is
 * sent again only when it was not done; 429, and a connection that never came about, say by themselves that nothing was done.
 */
export async function persist(post: Post, sending: Sending, signal: AbortSignal): Promise<Sent> {
  const { isDone, repeatable = sending.method === 'GET' } = sending
  const patience = takePatience(post, sending)
  for (let tries = 1; ; tries += 1) {
    await patience.awaitTurn(signal)
    const tried = await attempt(post, sending, signal)
    const sent = sentBy(sending, tried)
    if (sent !== undefined) return sent
    const down = () => downOf(post, { sending, tried })
    const wasTaken = !wasNeverTaken(tried)
    const toLookFor = wasTaken ? isDone : undefined
    const isLast = tries === mostTries || (wasTaken && !repeatable && isDone === undefined)
    if (isLast && toLookFor === undefined) throw down()
    // Also before looking: what was taken may still be under way.
    await patience.rest({ ms: backOffMs(tries - 1, post.random), otherwise: down }, signal)
    if (toLookFor !== undefined && (await toLookFor())) return { text: undefined }
    if (isLast) throw down()
  }
}

/** Before a byte of a request was sent. */
const unreached = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']

function wasNeverTaken(tried: Try): boolean {
  if ('status' in tried) return tried.status === 429
  const { lost } = tried
  return lost instanceof Error && unreached.some((code) => hasCode(lost.cause, code))
}

/** Undefined for what may be otherwise the next time. Throws what will not. */
function sentBy(sending: Sending, tried: Try): Sent | undefined {
  if ('lost' in tried || passing.includes(tried.status)) return undefined
  if (tried.status < 300) return { text: tried.text }
  if (sending.absent?.includes(tried.status) === true) return { text: undefined }
  throw refusalOf(sending, tried)
}

interface Patience {
  awaitTurn(signal: AbortSignal): Promise<void>
  rest(wish: { readonly ms: number; readonly otherwise: () => Error }, signal: AbortSignal): Promise<void>
}

/** One call waits for so long in all, whatever for. A wait that would be longer is refused at once. */
function takePatience({ clock, patienceMs, pacer, random }: Post, { method, path, to }: Sending): Patience {
  const allowance = allowanceOf(method, path)
  const until = clock.now() + patienceMs
  const rest: Patience['rest'] = async ({ ms, otherwise }, signal) => {
    if (clock.now() + ms > until) throw otherwise()
    await clock.sleep(ms, signal)
  }
  return {
    rest,
    async awaitTurn(signal) {
      for (;;) {
        signal.throwIfAborted()
        const waitMs = pacer.claim(allowance)
        if (waitMs === 0) return
        await rest({ ms: withJitterMs(waitMs, random), otherwise: () => renderBusy({ to, waitMs }) }, signal)
      }
    },
  }
}

async function attempt({ base, key, fetch, answerMs, pacer, clock }: Post, sending: Sending, signal: AbortSignal): Promise<Try> {
  const { method, path, body } = sending
  const allowance = allowanceOf(method, path)
  let news = {}
  try {
    const response = await fetch(`${base}${path}${queryText(sending)}`, {
      method, redirect: 'manual', signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
      headers: { authorization: `Bearer ${key}`, accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    news = readRateLimit(response.headers, clock.now())
    return { status: response.status, headers: response.headers, text: await response.text() }
  } catch (cause) {
    signal.throwIfAborted()
    return { lost: cause }
  } finally {
    pacer.heard(allowance, news)
  }
}

function refusalOf({ to }: Sending, { status, text, headers }: Extract<Try, { status: number }>): Error {
  return renderRefused({ to, status, said: saidIn(text) || `status ${status}`, requestId: headers.get('render-request-id') ?? undefined })
}

function downOf({ answerMs }: Post, { sending: { to }, tried }: { readonly sending: Sending; readonly tried: Try }): Error {
  if ('status' in tried) return renderDown({ to, why: `it answered with ${tried.status}: ${saidIn(tried.text)}` })
  const { lost } = tried
  // `fetch` says what came in between only in the cause of its error.
  const reason = lost instanceof Error && lost.cause instanceof Error ? lost.cause : lost
  const isSilence = reason instanceof DOMException && reason.name === 'TimeoutError'
  return renderDown({ to, why: isSilence ? `it did not answer within ${answerMs / 1000} s` : reason instanceof Error ? reason.message : String(reason), cause: lost })
}
