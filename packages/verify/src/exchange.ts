import { request, type Agent, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { Address } from '@plimsoll/model'

export interface Ask {
  readonly address: Address
  /** GET unless given. */
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs: number
  /** The answer counts when its head is there; what comes after it is not read. */
  readonly headOnly?: true
  /** Whose connections it goes over; one of its own unless given. */
  readonly agent?: Agent
}

export type Reply =
  | { readonly is: 'answer'; readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string; readonly ms: number }
  /** `refused`, `timeout`, `reset` or the system's error code. */
  | { readonly is: 'none'; readonly reason: string; readonly ms: number }

const keptLength = 4 * 1024 * 1024

/** Sends one request. No whole answer is an answer too; only `signal` rejects. A stream of events counts as answered when it begins. */
export function exchange({ address, method = 'GET', path, headers = {}, body, timeoutMs, headOnly, agent }: Ask, signal: AbortSignal): Promise<Reply> {
  const began = performance.now()
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const ms = (): number => Math.round(performance.now() - began)
  return new Promise((resolve, reject) => {
    const failed = (error: unknown): void => (signal.aborted ? reject(signal.reason) : resolve({ is: 'none', reason: limit.aborted ? 'timeout' : reasonOf(error), ms: ms() }))
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const asked = request({ host: address.host, port: address.port, method, path, headers: { accept: '*/*', 'user-agent': 'plimsoll', ...length, ...headers }, agent: agent ?? false, signal: limit }, (response) => {
      textOf(response, headOnly).then((text) => resolve({ is: 'answer', status: response.statusCode ?? 0, headers: response.headers, body: text, ms: ms() }), failed)
    })
    asked.on('error', failed)
    asked.end(body)
  })
}

async function textOf(response: IncomingMessage, headOnly = false): Promise<string> {
  if (headOnly || response.headers['content-type']?.startsWith('text/event-stream') === true) {
    response.destroy()
    return ''
  }
  let body = ''
  response.setEncoding('utf8')
  for await (const chunk of response) if (body.length < keptLength) body += String(chunk)
  return body.slice(0, keptLength)
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ECONNREFUSED') return 'refused'
  return code === 'ECONNRESET' ? 'reset' : code || 'failed'
}

/** The same request for a shell, in one line. */
export function curlOf({ address, method = 'GET', path, headers = {}, body }: Omit<Ask, 'timeoutMs' | 'headOnly' | 'agent'>): string {
  const words = ['curl', '-i', ...(method === 'GET' ? [] : ['-X', method]), ...Object.entries(headers).flatMap(([name, value]) => ['-H', quoted(`${name}: ${value}`)])]
  if (body !== undefined) words.push('--data-binary', quoted(body))
  return [...words, quoted(`http://${address.host}:${address.port}${path}`)].join(' ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
