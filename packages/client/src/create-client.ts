import { setTimeout as delay } from 'node:timers/promises'
import { contract, errorCodes, isPlimsollError, PlimsollError, type Route } from '@plimsoll/model'
import { readEvents, type WireEvent } from './read-events.ts'
import { reached, refusal, requestFor, send, type Connection, type Request } from './send.ts'
import { jsonOrUndefined, understood, understoodEvent } from './understood.ts'

/** What a {@link Route} is asked with. `query` may leave out what has a default. */
export type Asked<Body, Query> = {
  /** Values for the `:name` parts of the path. */
  readonly params?: Readonly<Record<string, string | number>>
  readonly query?: Partial<Query>
  /** What {@link Client.look} gave: the change is refused with `CHANGED_MEANWHILE` when somebody else has made one since. */
  readonly onlyIf?: string | undefined
} & ([undefined] extends [Body] ? { readonly body?: undefined } : { readonly body: Body })

/** What a stream is asked with: it can begin after an event that was seen before. */
export type StreamAsked<Body, Query> = Asked<Body, Query> & { readonly lastEventId?: number | string | undefined }

export interface Client {
  /**
   * Asks, and checks the answer by the route's schema. A change carries a key by which the API makes it once, and is sent again when the
   * connection broke before its answer came; nothing is sent again that found nobody to answer.
   * Throws the API's own `PlimsollError`; `API_UNREACHABLE` when nobody answers; `API_DIFFERS` for an answer
   * that the contract does not allow, `BUG` for a failure that is no problem of ours; the reason of `signal` when that fires.
   */
  call<Reply, Body, Query>(route: Route<Reply, Body, Query>, asked: Asked<Body, Query>, signal?: AbortSignal): Promise<Reply>
  /** Asks as {@link Client.call} does, and gives the version of what is there with it; undefined for what has none. */
  look<Reply, Body, Query>(route: Route<Reply, Body, Query>, asked: Asked<Body, Query>, signal?: AbortSignal): Promise<{ readonly reply: Reply; readonly version: string | undefined }>
  /** Asks once with a stream of bytes for a body. Throws as {@link Client.call} does. */
  upload<Reply, Query>(route: Route<Reply, undefined, Query>, asked: Asked<undefined, Query>, bytes: ReadableStream<Uint8Array>, signal?: AbortSignal): Promise<Reply>
  /**
   * Reads a server-sent event stream. A watched release goes on after a dropped connection, each numbered
   * event arrives once, and the iteration ends after the event `end`. Log lines have no numbers: their
   * stream ends with the connection, and throws `API_UNREACHABLE` if that was cut.
   * Throws as {@link Client.call} does, also for a problem that comes up in the middle of the stream. Leaving the loop closes the connection.
   */
  stream<Reply, Body, Query>(route: Route<Reply, Body, Query>, asked: StreamAsked<Body, Query>, signal?: AbortSignal): AsyncGenerator<Reply, void, void>
}

export interface ClientOptions extends Connection {
  /** How long to wait before each attempt in a row to take up a dropped stream; after the last it is given up. */
  readonly backOffMs?: readonly number[]
}

/** Streams whose events are numbered and which say when they are over, so that they can be taken up again. */
const resumable: ReadonlySet<unknown> = new Set([contract.watchRelease])

/** Together 19 s: longer than a restart of the API takes, shorter than a person waits without a word. */
const defaultBackOffMs = [100, 250, 500, 1000, 2000, 3000, 4000, 4000, 4000]

/**
 * Makes a client of one API. It keeps no connection and no state, so it needs no closing and can be made as often as one likes.
 * `baseUrl` is where the API listens, e.g. `http://127.0.0.1:7717`.
 */
export function createClient({ backOffMs = defaultBackOffMs, ...connection }: ClientOptions): Client {
  return {
    async call(route, asked, signal) {
      const request = requestFor(route, asked)
      const text = isRepeatable(route) ? await toTheAnswer(connection, { ...request, key: crypto.randomUUID() }, { backOffMs, signal }) : await answerTo(connection, request, signal)
      return understood(route, jsonOrUndefined(text))
    },
    async look(route, asked, signal) {
      const answer = await send(connection, requestFor(route, asked), signal)
      return { reply: understood(route, jsonOrUndefined(await reached(connection, answer.text(), signal))), version: answer.headers.get('etag') ?? undefined }
    },
    // oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
    async upload(route, asked, bytes, signal) {
      const answer = await send(connection, { ...requestFor(route, asked), bytes, mediaType: route.upload }, signal)
      return understood(route, jsonOrUndefined(await reached(connection, answer.text(), signal)))
    },
    async *stream(route, asked, signal) {
      const { lastEventId } = asked
      const request = requestFor(route, asked)
      const position = lastEventId === undefined ? undefined : String(lastEventId)
      const events = resumable.has(route)
        ? eventsToTheEnd(connection, { ...request, lastEventId: position }, { backOffMs, signal })
        : eventsOnce(connection, { ...request, lastEventId: position }, signal)
      for await (const event of events) yield understoodEvent(route, event)
    },
  }
}

/** Whether what is asked is a change that is made once, however often it is sent. To stop is no such: it would stop the next one that has been started. */
function isRepeatable(route: Pick<Route, 'method' | 'needs'>): boolean {
  return route.method !== 'GET' && route.needs !== 'nothing' && route !== contract.stopPlimsoll
}

/** Sends a change again for as long as its connection breaks before the answer is there. */
async function toTheAnswer(connection: Connection, request: Request, { backOffMs, signal }: Patience): Promise<string> {
  let broke = false
  for (const ms of [...backOffMs, undefined]) {
    try {
      return await answerTo(connection, request, signal)
    } catch (error) {
      broke ||= hasBroken(error)
      if (!broke || !isUnreachable(error) || ms === undefined) throw error
    }
    await waited(ms, signal)
  }
  throw new Error('the last attempt answers or throws')
}

async function answerTo(connection: Connection, request: Request, signal: AbortSignal | undefined): Promise<string> {
  const answer = await send(connection, request, signal)
  return reached(connection, answer.text(), signal)
}

interface Exchange {
  readonly request: Request
  readonly answer: Response
}

interface Patience {
  readonly backOffMs: readonly number[]
  readonly signal: AbortSignal | undefined
}

/** How far a stream was read, across its connections. */
interface Reading {
  lastEventId: string | undefined
  waits: number[]
  answered: boolean
  ended: boolean
}

/** Takes a stream up again wherever it was dropped, until its `end`. Progress gives all attempts back. */
async function* eventsToTheEnd(connection: Connection, request: Request, { backOffMs, signal }: Patience): AsyncGenerator<WireEvent, void, void> {
  const reading: Reading = { lastEventId: request.lastEventId, waits: [...backOffMs], answered: false, ended: false }
  for (;;) {
    try {
      const answer = await send(connection, { ...request, lastEventId: reading.lastEventId }, signal)
      reading.answered = true
      yield* noted(eventsIn(connection, { request, answer }, signal), reading, backOffMs)
      if (reading.ended) return
    } catch (error) {
      if (!mayPass(error) || !reading.answered || reading.waits.length === 0) throw error
    }
    const ms = reading.waits.shift()
    if (ms === undefined) throw new PlimsollError('API_UNREACHABLE', `Plimsoll at ${connection.baseUrl} ends the stream before its end, again and again`, { hint: 'See how it stands: plimsoll status' })
    await waited(ms, signal)
  }
}

async function* noted(events: AsyncIterable<WireEvent>, reading: Reading, backOffMs: readonly number[]): AsyncGenerator<WireEvent, void, void> {
  for await (const event of events) {
    yield event
    reading.lastEventId = event.id ?? reading.lastEventId
    reading.waits = [...backOffMs]
    reading.ended = event.event === 'end'
    if (reading.ended) return
  }
}

async function* eventsOnce(connection: Connection, request: Request, signal: AbortSignal | undefined): AsyncGenerator<WireEvent, void, void> {
  const answer = await send(connection, request, signal)
  yield* eventsIn(connection, { request, answer }, signal)
}

/** The events of an answer. What goes wrong after its head was sent comes as an event named `problem`; where the connection breaks, it is `API_UNREACHABLE`. */
async function* eventsIn(connection: Connection, { request, answer }: Exchange, signal: AbortSignal | undefined): AsyncGenerator<WireEvent, void, void> {
  if (answer.body === null) return
  const events = readEvents(answer.body)
  try {
    for (let next = await reached(connection, events.next(), signal); !next.done; next = await reached(connection, events.next(), signal)) {
      if (next.value.event === 'problem') throw refusal(request, answer.status, next.value.data)
      yield next.value
    }
  } finally {
    await events.return()
  }
}

/** Whether another attempt may go better: nobody answered, or what the API stands on is down for now. */
function mayPass(error: unknown): boolean {
  return isPlimsollError(error) && errorCodes[error.code].status === 503
}

function isUnreachable(error: unknown): error is PlimsollError {
  return isPlimsollError(error) && error.code === 'API_UNREACHABLE'
}

/** Whether somebody was there and went: `fetch` hides the failure of a socket in the cause of its own. */
function hasBroken(error: unknown): boolean {
  const cause = isUnreachable(error) && error.cause instanceof Error ? error.cause.cause : undefined
  return cause instanceof Error && 'code' in cause && brokenCodes.has(String(cause.code))
}

const brokenCodes: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

async function waited(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal })
  } catch {
    // A timer fails only by its signal, whose own reason says more.
    signal?.throwIfAborted()
  }
}
