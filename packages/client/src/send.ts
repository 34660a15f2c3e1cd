import { isPlimsollError, fromProblem, PlimsollError, problemSchema, type Route } from '@plimsoll/model'
import { jsonOrUndefined } from './understood.ts'

/** Where requests go and how they get there. */
export interface Connection {
  readonly baseUrl: string
  readonly token: string
  /** Sent with every request besides what it needs: for whom it is made, say. */
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: typeof globalThis.fetch
}

/** One request, in the words of HTTP. */
export interface Request {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  /** In place of `body`, with its type. */
  readonly bytes?: ReadableStream<Uint8Array>
  readonly mediaType?: string | undefined
  readonly lastEventId?: string | undefined
  /** A version that was looked at: the change is made only while it is that. */
  readonly onlyIf?: string | undefined
  /** The same for a change that is sent again: it is made once. */
  readonly key?: string | undefined
}

interface Filling {
  readonly params?: Readonly<Record<string, string | number>>
  readonly query?: object
  readonly body?: unknown
  readonly onlyIf?: string | undefined
}

/** Fills a route's path and query. A parameter that is not given is a mistake of the caller, not of a person. */
export function requestFor({ method, path: template }: Pick<Route, 'method' | 'path'>, { params, query, body, onlyIf }: Filling): Request {
  const path = template.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = params?.[name]
    if (value === undefined) throw new TypeError(`${method} ${template} needs the parameter ${name}`)
    return encodeURIComponent(value)
  })
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(key, String(value))
  return { method, path: search.size === 0 ? path : `${path}?${search}`, body, onlyIf }
}

/** The answer, once its head is there and says that all is well. Every other answer is thrown as the problem that it carries. */
export async function send(connection: Connection, request: Request, signal: AbortSignal | undefined): Promise<Response> {
  const { method, path, body, bytes, mediaType, lastEventId, key, onlyIf } = request
  const headers = new Headers({ ...connection.headers, authorization: `Bearer ${connection.token}` })
  if (body !== undefined) headers.set('content-type', 'application/json')
  if (mediaType !== undefined) headers.set('content-type', mediaType)
  if (lastEventId !== undefined) headers.set('last-event-id', lastEventId)
  if (onlyIf !== undefined) headers.set('if-match', onlyIf)
  if (key !== undefined) headers.set('idempotency-key', key)
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }), ...(bytes !== undefined && { body: bytes, duplex: 'half' as const }), ...(signal !== undefined && { signal }) }
  const fetch = connection.fetch ?? globalThis.fetch
  const answer = await reached(connection, fetch(new URL(path, connection.baseUrl), init), signal)
  if (answer.ok) return answer
  throw refusal(request, answer.status, await reached(connection, answer.text(), signal))
}

/** What `asking` gives. What the platform throws when a connection fails becomes `API_UNREACHABLE`, unless `signal` was the reason. */
export async function reached<T>({ baseUrl }: Connection, asking: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await asking
  } catch (error) {
    signal?.throwIfAborted()
    if (isPlimsollError(error)) throw error
    throw new PlimsollError('API_UNREACHABLE', `Plimsoll does not answer at ${baseUrl}`, { hint: 'Start it: plimsoll up', cause: error })
  }
}

/** The error that a failed request carries: the API's own problem, else a bug with what came instead. */
export function refusal({ method, path }: Request, status: number, text: string): PlimsollError {
  const problem = problemSchema.safeParse(jsonOrUndefined(text))
  if (problem.success) return fromProblem(problem.data)
  return new PlimsollError('BUG', `The API answered ${method} ${path} with status ${status} and no problem that this version knows`, {
    details: { status, body: text.slice(0, 2000) },
  })
}
