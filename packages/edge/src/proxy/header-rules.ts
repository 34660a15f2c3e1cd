import type { ClientOrigin } from './client-origin.ts'
import type { AnswerHead } from './upstream/answer-head.ts'

/** Headers as Node gives and takes them raw: name, value, name, value, in the order and case of the sender. */
export type RawHeaders = readonly string[]

/** They speak about one connection, not about the message, and end here (RFC 9110, 7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
])

/** `Connection: host` would take the message's own frame or address away, so these stay whatever Connection names. */
const neverNamed = new Set(['host', 'content-length', 'content-type', 'cache-control', 'authorization', 'cookie'])

/**
 * What a client could say about itself, in all spellings that apps read, beside all that begins with `x-forwarded`. Only the
 * edge knows, so only the edge says it.
 */
const ours = new Set([
  'forwarded', 'x-real-ip', 'x-client-ip', 'x-cluster-client-ip', 'true-client-ip', 'cf-connecting-ip', 'fastly-client-ip',
  'x-request-id', 'x-original-url', 'x-original-host', 'x-original-uri', 'x-rewrite-url',
])

/** Fields that frame, route or authorise a message mean nothing good after its body (RFC 9110, 6.5.1). */
const neverTrailers = new Set(['content-length', 'host', 'authorization', 'set-cookie', 'cookie', 'content-encoding', 'content-type', 'content-range', 'expect', 'cache-control'])

export interface Origin {
  /** Method, path and query, as the upstream is to get them. */
  readonly method: string
  readonly url: string
  readonly client: ClientOrigin
  readonly host: string | undefined
  /** What the upstream is told in X-Request-Id, whatever the client said. */
  readonly requestId: string
  readonly body: RequestBody
  readonly upgrade: boolean
  /** The values of the client's fields of these names, joined where there are several. */
  readonly connection: string | undefined
  readonly te: string | undefined
}

/** How the body is framed towards the upstream; `kept` leaves Content-Length as it is. */
export type RequestBody = 'none' | 'kept' | 'chunked' | 'empty'

/** The head that the upstream gets, to be sent as latin1. */
export function requestHead(raw: RawHeaders, origin: Origin): string {
  const named = namedBy(origin.connection)
  let head = `${origin.method} ${origin.url} HTTP/1.1\r\n`
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? ''
    if (endsAtEdge(name) || isNamed(name, named)) continue
    head += `${name}: ${raw[index + 1] ?? ''}\r\n`
  }
  return `${head}${originLines(origin)}${framingLines(origin)}\r\n`
}

/** The head that the client gets. */
export function responseHeaders({ fields, connection }: Pick<AnswerHead, 'fields' | 'connection'>): string[] {
  const named = namedBy(connection)
  const kept: string[] = []
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? ''
    if (!isOfConnection(name) && !isNamed(name, named)) kept.push(name, fields[index + 1] ?? '')
  }
  return kept
}

export function trailersOf(raw: RawHeaders): [string, string][] {
  const kept: [string, string][] = []
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const lower = name.toLowerCase()
    if (!hopByHop.has(lower) && !neverTrailers.has(lower) && !isOurs(lower)) kept.push([name, raw[index + 1] ?? ''])
  }
  return kept
}

/** The values of all fields of this name, which is in lower case. */
export function headerValues(raw: RawHeaders, name: string): string[] {
  const values: string[] = []
  for (let index = 0; index + 1 < raw.length; index += 2) if (raw[index]?.length === name.length && raw[index]?.toLowerCase() === name) values.push(raw[index + 1] ?? '')
  return values
}

function originLines({ client: { address, proto }, host, requestId }: Origin): string {
  const always = `X-Request-Id: ${requestId}\r\nX-Forwarded-For: ${address}\r\nX-Forwarded-Proto: ${proto}\r\nX-Real-Ip: ${address}\r\n`
  // HTTP/1.0 may come without a Host; the upstream is spoken to in HTTP/1.1, which may not.
  return host === undefined ? `${always}Host: localhost\r\n` : `${always}X-Forwarded-Host: ${host}\r\n`
}

function framingLines({ body, upgrade, te }: Origin): string {
  if (upgrade) return 'Connection: Upgrade\r\nUpgrade: websocket\r\n'
  const frame = body === 'chunked' ? 'Transfer-Encoding: chunked\r\n' : body === 'empty' ? 'Content-Length: 0\r\n' : ''
  const takesTrailers = te !== undefined && /\btrailers\b/i.test(te)
  return takesTrailers ? `${frame}TE: trailers\r\nConnection: TE, keep-alive\r\n` : `${frame}Connection: keep-alive\r\n`
}

const nothing: ReadonlySet<string> = new Set()

/** What Connection names besides the usual word. */
function namedBy(connection: string | undefined): ReadonlySet<string> {
  if (connection === undefined || connection === '' || connection === 'keep-alive' || connection === 'close') return nothing
  return new Set(connection.split(',').map((option) => option.trim().toLowerCase()))
}

/** Whether Connection names it, and may. Some apps read `_` as `-`. */
function isNamed(name: string, named: ReadonlySet<string>): boolean {
  if (named.size === 0) return false
  const plain = name.toLowerCase().replaceAll('_', '-')
  return named.has(plain) && !neverNamed.has(plain)
}

function isOurs(lower: string): boolean {
  return lower.startsWith('x-forwarded') || ours.has(lower)
}

const isOfConnection = remembered((name) => hopByHop.has(name.toLowerCase()))

/** Of a request's field, whatever Connection names; also when it is spelled with `_` for `-`, as which some apps read it. */
const endsAtEdge = remembered((name) => {
  const lower = name.toLowerCase()
  const plain = lower.replaceAll('_', '-')
  return hopByHop.has(plain) || isOurs(plain) || (plain !== lower && plain === 'content-length')
})

/** Peers use the same few names again and again. What nobody uses cannot fill the memory. */
function remembered(judge: (name: string) => boolean): (name: string) => boolean {
  const verdicts = new Map<string, boolean>()
  return (name) => {
    const known = verdicts.get(name)
    if (known !== undefined) return known
    const verdict = judge(name)
    if (verdicts.size < 1_000 && name.length <= 40) verdicts.set(name, verdict)
    return verdict
  }
}

/** The id that a client gave its request, when it can be used: one word of what can be seen. Of several it is the first. */
export function requestIdOf(value: string | string[] | undefined): string | undefined {
  const [first = ''] = String(value ?? '').split(', ')
  return /^[\x21-\x7e]{1,200}$/.test(first) ? first : undefined
}
