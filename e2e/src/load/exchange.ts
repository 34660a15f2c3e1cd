import { request as httpRequest, type Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { explainBreak } from './explain-break.ts'
import { wallNow, type Failure, type Hop } from './load-record.ts'

/** More than any answer of the mix has; what exceeds it is dropped, so that one wrong answer cannot eat the memory. */
const keptBodyChars = 2_000_000

export interface ExchangeRequest {
  readonly what: string
  readonly url: URL
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** A text, or a function that writes the body piece by piece and ends it. */
  readonly body?: string | ((out: ClientRequest) => Promise<void>)
  readonly agent: Agent
  readonly timeoutMs: number
  /** Which statuses count as success; 2xx unless given. */
  readonly accepts?: (status: number) => boolean
  /** Told every piece of the body as it comes, instead of collecting it. */
  readonly onText?: (text: string) => void
  readonly pinnedTo?: string | undefined
  readonly asset?: boolean
}

export interface Exchange {
  readonly hop: Hop
  readonly failure?: Failure
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** True when the client hung up because `signal` fired. */
  readonly left: boolean
}

/**
 * One HTTP request on a connection of `agent`, never repeated. Never rejects: whatever happens to it is in what it returns.
 * When `signal` fires the client hangs up, which is not a failure.
 */
export function exchange(request: ExchangeRequest, signal?: AbortSignal): Promise<Exchange> {
  return new Promise((resolve) => {
    const progress: Progress = { startedAt: wallNow(), head: undefined, headAt: undefined, body: '', settled: false }
    const send = request.url.protocol === 'https:' ? tlsRequest : httpRequest
    const client = send(request.url, {
      method: request.method ?? 'GET',
      headers: { ...request.headers },
      agent: request.agent,
    })
    const settle = (end: { readonly failure?: Failure | undefined; readonly left?: boolean }): void => {
      if (progress.settled) return
      progress.settled = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
      resolve(summary(request, progress, end))
      // Harmless after a complete answer: the connection is back with its agent by then.
      if (end.failure !== undefined || end.left === true) client.destroy()
    }
    const leave = (): void => settle({ left: true })
    const timer = setTimeout(() => settle({ failure: { is: 'timeout', detail: `${request.what} had no end within ${request.timeoutMs} ms` } }), request.timeoutMs)
    if (signal?.aborted === true) leave()
    signal?.addEventListener('abort', leave)
    client.on('response', (response) => readAnswer(request, { response, progress, settle }))
    client.on('error', (error) => settle({ failure: explainBreak(request.what, error, { begun: progress.head !== undefined, reused: client.reusedSocket }) }))
    sendBody(request, client)
  })
}

interface Progress {
  readonly startedAt: number
  head: IncomingMessage | undefined
  headAt: number | undefined
  body: string
  settled: boolean
}

interface Answering {
  readonly response: IncomingMessage
  readonly progress: Progress
  readonly settle: (end: { readonly failure?: Failure | undefined }) => void
}

function readAnswer(request: ExchangeRequest, { response, progress, settle }: Answering): void {
  progress.head = response
  progress.headAt = wallNow()
  response.setEncoding('utf8')
  response.on('data', (text: string) => {
    if (request.onText !== undefined) request.onText(text)
    else if (progress.body.length < keptBodyChars) progress.body += text
  })
  response.on('end', () => settle({ failure: response.complete ? statusFailure(request, progress) : cut(request) }))
  response.on('error', (error) => settle({ failure: explainBreak(request.what, error, { begun: true, reused: false }) }))
  response.on('close', () => settle({ failure: cut(request) }))
}

function cut({ what }: ExchangeRequest): Failure {
  return { is: 'cut', detail: `${what}: the answer stopped before its end` }
}

function statusFailure(request: ExchangeRequest, { head, body }: Progress): Failure | undefined {
  const status = head?.statusCode ?? 0
  const accepts = request.accepts ?? ((given: number) => given >= 200 && given < 300)
  if (accepts(status)) return undefined
  return { is: 'status', detail: `${request.what} answered ${status}: ${body.slice(0, 160).replaceAll(/\s+/g, ' ')}` }
}

function sendBody({ body }: ExchangeRequest, client: ClientRequest): void {
  if (typeof body !== 'function') {
    client.end(body)
    return
  }
  // A body that cannot be sent to its end shows as an error of the request itself.
  body(client).catch((error: unknown) => client.destroy(error instanceof Error ? error : new Error(String(error))))
}

function summary(request: ExchangeRequest, progress: Progress, end: { readonly failure?: Failure | undefined; readonly left?: boolean }): Exchange {
  const { head, headAt } = progress
  const servedBy = head?.headers['x-served-by']
  const hop: Hop = {
    what: request.what,
    startedAt: progress.startedAt,
    endedAt: wallNow(),
    ...(headAt !== undefined && { headAt }),
    ...(head?.statusCode !== undefined && { status: head.statusCode }),
    ...(typeof servedBy === 'string' && { servedBy }),
    ...(request.pinnedTo !== undefined && { pinnedTo: request.pinnedTo }),
    ...(request.asset === true && { asset: true }),
  }
  return {
    hop,
    headers: head?.headers ?? {},
    body: progress.body,
    left: end.left ?? false,
    ...(end.failure !== undefined && { failure: end.failure }),
  }
}
