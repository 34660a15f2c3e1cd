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
const neverNamed = new Set(['host', 'content-length', 'content-type', 'cache-control'])

/** What a client could say about itself; only the edge knows, so only the edge says it. Compared with `_` read as `-`. */
const ours = new Set(['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port', 'x-forwarded-server', 'x-real-ip'])

/** Fields that frame, route or authorise a message mean nothing good after its body (RFC 9110, 6.5.1). */
const neverTrailers = new Set(['content-length', 'host', 'authorization', 'set-cookie', 'cookie', 'content-encoding', 'content-type', 'content-range', 'expect', 'cache-control'])

export interface Origin {
  readonly clientAddress: string
  readonly host: string | undefined
  readonly proto: 'http' | 'https'
  /** Used when the client gave no usable one. */
  readonly requestId: string
  /** How the body is framed towards the upstream; `kept` leaves Content-Length as it is. */
  readonly body: 'none' | 'kept' | 'chunked' | 'empty'
  readonly upgrade: boolean
}

/** The head that the upstream gets. */
export function requestHeaders(raw: RawHeaders, origin: Origin): string[] {
  const named = namedByConnection(raw)
  const kept: string[] = []
  let hasId = false
  for (const [name, value] of pairsOf(raw)) {
    const lower = name.toLowerCase()
    if (isHopByHop(lower, named) || ours.has(lower.replaceAll('_', '-'))) continue
    if (lower === 'x-request-id') {
      if (hasId || !isRequestId(value)) continue
      hasId = true
    }
    kept.push(name, value)
  }
  if (!hasId) kept.push('X-Request-Id', origin.requestId)
  return [...kept, ...originHeaders(origin), ...framing(raw, origin)]
}

/** The head that the client gets. */
export function responseHeaders(raw: RawHeaders): string[] {
  const named = namedByConnection(raw)
  const kept: string[] = []
  for (const [name, value] of pairsOf(raw)) if (!isHopByHop(name.toLowerCase(), named)) kept.push(name, value)
  return kept
}

export function trailersOf(raw: RawHeaders): [string, string][] {
  return [...pairsOf(raw)].filter(([name]) => !hopByHop.has(name.toLowerCase()) && !neverTrailers.has(name.toLowerCase()))
}

export function headerValue(raw: RawHeaders, name: string): string | undefined {
  for (const [candidate, value] of pairsOf(raw)) if (candidate.toLowerCase() === name) return value
  return undefined
}

export function* pairsOf(raw: RawHeaders): Generator<[string, string]> {
  for (let index = 0; index + 1 < raw.length; index += 2) yield [raw[index] ?? '', raw[index + 1] ?? '']
}

function originHeaders({ clientAddress, host, proto }: Origin): string[] {
  const always = ['X-Forwarded-For', clientAddress, 'X-Forwarded-Proto', proto, 'X-Real-Ip', clientAddress]
  // HTTP/1.0 may come without a Host; the upstream is spoken to in HTTP/1.1, which may not.
  return host === undefined ? [...always, 'Host', 'localhost'] : [...always, 'X-Forwarded-Host', host]
}

function framing(raw: RawHeaders, { body, upgrade }: Origin): string[] {
  if (upgrade) return ['Connection', 'Upgrade', 'Upgrade', 'websocket']
  const frame = body === 'chunked' ? ['Transfer-Encoding', 'chunked'] : body === 'empty' ? ['Content-Length', '0'] : []
  const takesTrailers = /\btrailers\b/i.test(headerValue(raw, 'te') ?? '')
  return takesTrailers ? [...frame, 'TE', 'trailers', 'Connection', 'TE, keep-alive'] : [...frame, 'Connection', 'keep-alive']
}

function namedByConnection(raw: RawHeaders): ReadonlySet<string> {
  const named = new Set<string>()
  for (const [name, value] of pairsOf(raw)) {
    if (name.toLowerCase() !== 'connection') continue
    for (const token of value.split(',')) named.add(token.trim().toLowerCase())
  }
  return named
}

function isHopByHop(lower: string, named: ReadonlySet<string>): boolean {
  return hopByHop.has(lower) || (named.has(lower) && !neverNamed.has(lower))
}

function isRequestId(value: string): boolean {
  return /^[\x21-\x7e]{1,200}$/.test(value)
}
