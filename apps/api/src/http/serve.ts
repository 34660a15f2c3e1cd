import { PlimsollError, toProblem, type Principal, type Route } from '@plimsoll/model'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Known } from '../access/who-asks.ts'
import { isChange, type AuditTrail } from './audit-trail.ts'
import type { Asking, RepeatedRequests } from './repeated-requests.ts'
import { writeTogether } from './write-together.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly trail: AuditTrail
    readonly repeated: RepeatedRequests
  }
}

/** One question, after its parts were checked against the contract. */
export interface Asked<Body, Query> {
  readonly params: Readonly<Record<string, string>>
  readonly body: Body
  readonly query: Query
  /** Number of the last event that a stream's reader has seen; 0 for none. */
  readonly after: number
  /** Who asks. Throws for a route that needs nothing, which has to do without. */
  readonly known: () => Known
  /** Writes into the audit log who it is that came in by this question. */
  readonly came: (who: Principal, details: Readonly<Record<string, unknown>>) => Promise<void>
  /** Where this question stands in a trace; undefined where nothing is traced. */
  readonly traceparent: string | undefined
  /** Fires when whoever asked is gone; for what was asked under a key when they do not come back within some seconds. */
  readonly signal: AbortSignal
  /** Of a guarded change: it is to be made only while what it changes has one of these versions. */
  readonly onlyIf: readonly string[] | undefined
  /** Says of a guarded answer which version it is of. */
  readonly tag: (version: string) => void
  /** Of what was asked under a key. */
  readonly asking: Asking | undefined
}

/** Answers `route` with what `answer` returns. What it throws becomes `application/problem+json`. */
export function serve<Reply, Body, Query>(api: FastifyInstance, route: Route<Reply, Body, Query>, answer: (asked: Asked<Body, Query>) => Promise<Reply>): void {
  api.route({
    method: route.method, url: route.path, config: { asks: route as Route },
    handler: async (request, reply) => {
      const asked = read(route, request, reply)
      if (route.mediaType !== undefined) reply.type(route.mediaType)
      const done = (asking?: Asking): Promise<Reply> => {
        const whole = asking === undefined ? asked : { ...asked, asking, signal: asking.signal }
        return onTrail(api, { route, request, asked: whole }, () => answer(whole))
      }
      return reply.send(await (isChange(route) ? api.repeated.once(request, asked.signal, done) : done()))
    },
  })
}

/** Answers `route`, whose body is a stream of bytes that `answer` reads to its end, or not. */
export function serveUpload<Reply, Query>(api: FastifyInstance, route: Route<Reply, undefined, Query>, answer: (asked: Asked<undefined, Query> & { readonly bytes: Readable }) => Promise<Reply>): void {
  // Handed on as it comes: how much of it is too much is for whoever reads it to say.
  api.addContentTypeParser(route.upload ?? 'application/octet-stream', { bodyLimit: Number.MAX_SAFE_INTEGER }, (_request, payload, done) => done(null, payload))
  api.route({
    method: route.method, url: route.path, bodyLimit: Number.MAX_SAFE_INTEGER, config: { asks: route as Route },
    handler: async (request, reply) => {
      const bytes = request.body instanceof Readable ? request.body : Readable.from([])
      const asked = { ...read({ ...route, body: z.any() as unknown as z.ZodType<undefined> }, request, reply), bytes }
      return reply.send(await onTrail(api, { route, request, asked }, () => answer(asked)))
    },
  })
}

/** One server-sent event. */
export interface StreamEvent {
  readonly event: string
  readonly id?: number
  readonly data: unknown
}

/** So that proxies and clients see that a quiet stream is alive. */
const heartbeatMs = 15_000

/** Answers `route` with a stream of server-sent events that ends when `answer` does, or when the reader goes. */
export function serveStream<Reply extends StreamEvent, Body, Query>(api: FastifyInstance, route: Route<Reply, Body, Query>, answer: (asked: Asked<Body, Query>) => Promise<AsyncIterable<StreamEvent>>): void {
  api.route({
    method: route.method, url: route.path, config: { asks: route as Route },
    handler: async (request, reply) => {
      const asked = read(route, request, reply)
      // Thrown before the first byte, so that a wrong question gets a proper status.
      const events = await onTrail(api, { route, request, asked }, () => answer(asked))
      reply.hijack()
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
      reply.raw.write(': \n\n')
      await send(events, { request, reply, signal: asked.signal })
    },
  })
}

interface OnTrail<Reply, Body, Query> {
  readonly route: Route<Reply, Body, Query>
  readonly request: FastifyRequest
  readonly asked: Asked<Body, Query>
}

/** Does `work`; what changes something is in the audit log before, and again when it fails. */
async function onTrail<T, Reply, Body, Query>({ trail }: FastifyInstance, { route, request, asked }: OnTrail<Reply, Body, Query>, work: () => Promise<T>): Promise<T> {
  if (!isChange(route)) return work()
  const noted = { request, route: route as Route }
  await trail.allowed({ ...noted, details: route.noted(asked.body) })
  try {
    return await work()
  } catch (error) {
    await trail.failed({ ...noted, error })
    throw error
  }
}

interface Reader {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly signal: AbortSignal
}

async function send(events: AsyncIterable<StreamEvent>, { request, reply, signal }: Reader): Promise<void> {
  const beat = setInterval(() => void keepUp(request, reply), heartbeatMs)
  const together = writeTogether(reply.raw, signal)
  try {
    for await (const event of events) {
      const behind = together.write(frameOf(event))
      if (behind !== undefined) await behind
    }
  } catch (error) {
    // The status is sent already; the reader learns of the failure as an event.
    if (!signal.aborted) void together.write(`event: problem\ndata: ${JSON.stringify(toProblem(error))}\n\n`)
  } finally {
    clearInterval(beat)
    together.flush()
    reply.raw.end()
  }
}

/** What many watch at the same time is put into words once. */
const wordings = new WeakMap<object, string>()

function frameOf({ event, id, data }: StreamEvent): string {
  const known = typeof data === 'object' && data !== null ? wordings.get(data) : undefined
  const text = known ?? JSON.stringify(data)
  if (known === undefined && typeof data === 'object' && data !== null) wordings.set(data, text)
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${text}\n\n`
}

/** Shows that a quiet stream is alive, and ends it for whoever has signed out or may not see it any more. */
async function keepUp(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  // Whether they may is not known while the database is away: nobody is sent off for that.
  const still = await request.stillMay().catch(() => true)
  // The stream may have ended while that was asked, and what is written after its end is an error that nobody listens to.
  if (reply.raw.writableEnded || reply.raw.destroyed) return
  // Whoever has not read what was sent needs no sign of life, and would collect them.
  if (still && !reply.raw.writableNeedDrain) reply.raw.write(': \n\n')
  if (still) return
  reply.raw.destroy()
}

function read<Reply, Body, Query>(route: Route<Reply, Body, Query>, request: FastifyRequest, reply: FastifyReply): Asked<Body, Query> {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new Error('the client is gone'))
  })
  const after = Number(request.headers['last-event-id'] ?? 0)
  if (route.upload === undefined) refuseNul([request.params, request.query, request.body])
  return {
    params: request.params as Record<string, string>,
    body: check(route.body, request.body ?? (route.method === 'GET' || route.method === 'DELETE' ? undefined : bodyless(route)), 'body'),
    query: check(route.query, request.query, 'query'),
    after: Number.isInteger(after) && after > 0 ? after : 0,
    known() {
      if (request.known === null) throw new Error(`${route.path} needs nothing, and so nobody knows who asks`)
      return request.known
    },
    came: (who, details) => request.server.trail.came({ request, route: route as Route, who, details }),
    traceparent: request.traceparent,
    signal: gone.signal,
    asking: undefined,
    onlyIf: expectedIn(request),
    tag: (version) => void reply.header('etag', `"${version}"`),
  }
}

/** `*` stands for whatever there is. A weak tag never matches, as RFC 9110 has it. */
function expectedIn({ headers }: FastifyRequest): readonly string[] | undefined {
  const header = headers['if-match']
  if (header === undefined || header.trim() === '*') return undefined
  return [...header.matchAll(/(W\/)?"([^"]*)"/g)].flatMap(([, weak, tag]) => (weak === undefined && tag !== undefined ? [tag] : []))
}

/** No name, no text and no environment of ours can hold it, and the database would refuse it in words of its own. */
function refuseNul(value: unknown): void {
  if (typeof value === 'string' && value.includes('\0')) throw new PlimsollError('USAGE', 'The request holds a NUL character, which nothing of Plimsoll can keep')
  if (typeof value !== 'object' || value === null) return
  for (const [key, part] of Object.entries(value)) {
    refuseNul(key)
    refuseNul(part)
  }
}

/** A POST without a body means all defaults where the contract has a body, and nothing where it has none. */
function bodyless(route: Pick<Route, 'body'>): unknown {
  return route.body.safeParse({}).success ? {} : undefined
}

function check<T>(schema: z.ZodType<T>, value: unknown, part: string): T {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const faults = read.error.issues.map((issue) => `${[part, ...issue.path].join('.')}: ${issue.message}`)
  throw new PlimsollError('USAGE', `The request is not understood: ${faults.join('; ')}`)
}
