import type { IncomingMessage } from 'node:http'
import type { ClientLimits } from '../settings/client-limits.ts'
import { headerValues } from './header-rules.ts'

export interface Refusal {
  readonly status: number
  readonly detail: string
}

/** A registered name, an IPv4 or a bracketed IPv6 address, with a port or without. */
const hostPattern = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?)(?::(\d{1,5}))?$/

/** As much as DNS has room for. */
const maxHostLength = 255

/** The fields by which a request and its target are understood; the rest is carried, not judged. */
export type RequestHead = Pick<IncomingMessage, 'method' | 'url' | 'httpVersion' | 'rawHeaders' | 'headers'>

/** What of {@link ClientLimits} a head is held against. */
type HeadLimits = Pick<ClientLimits, 'targetBytes' | 'headFields' | 'bodyBytes'>

/**
 * What Node's parser lets through although two servers could read it differently, or that we will not serve.
 * Undefined for a request that may pass.
 */
export function refusalOf(head: RequestHead, limits: HeadLimits): Refusal | undefined {
  if (head.httpVersion !== '1.1' && head.httpVersion !== '1.0') return { status: 505, detail: 'Only HTTP/1.1 and HTTP/1.0 are spoken here.' }
  // A page could read by it what browsers and proxies add to requests and keep from pages.
  if (head.method === 'TRACE') return { status: 405, detail: 'TRACE is not answered here.' }
  const { expect } = head.headers
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') return { status: 417, detail: 'The only expectation that is met here is 100-continue.' }
  return refusalOfSize(head, limits) ?? refusalOfCoding(head) ?? refusalOfHost(head) ?? refusalOfTarget(head)
}

function refusalOfSize({ url = '', rawHeaders, headers }: RequestHead, limits: HeadLimits): Refusal | undefined {
  if (url.length > limits.targetBytes) return { status: 414, detail: `The request target has more than ${limits.targetBytes} bytes.` }
  if (rawHeaders.length > 2 * limits.headFields) return { status: 431, detail: `The request has more than ${limits.headFields} header fields.` }
  const length = headers['content-length']
  return length !== undefined && Number(length) > limits.bodyBytes ? tooLarge(limits) : undefined
}

export function tooLarge({ bodyBytes }: Pick<ClientLimits, 'bodyBytes'>): Refusal {
  return { status: 413, detail: `The body has more than ${bodyBytes} bytes.` }
}

/** Node's parser takes the body of `gzip, chunked` for chunked, and nobody would tell the upstream of the rest (RFC 9112, 6.1). */
function refusalOfCoding({ httpVersion, headers }: RequestHead): Refusal | undefined {
  const coding = headers['transfer-encoding']
  if (coding === undefined) return undefined
  if (coding.toLowerCase() !== 'chunked') return { status: 501, detail: 'The only transfer coding that is understood here is chunked.' }
  return httpVersion === '1.0' ? { status: 400, detail: 'HTTP/1.0 has no transfer codings.' } : undefined
}

function refusalOfHost({ httpVersion, rawHeaders }: RequestHead): Refusal | undefined {
  const hosts = headerValues(rawHeaders, 'host')
  if (hosts.length > 1) return { status: 400, detail: 'The request has more than one Host header.' }
  const [host] = hosts
  if (host === undefined) return httpVersion === '1.1' ? { status: 400, detail: 'The request has no Host header.' } : undefined
  return isHost(host) ? undefined : { status: 400, detail: 'The Host header is not a host name.' }
}

function isHost(host: string): boolean {
  const port = host.length > maxHostLength || host.includes('..') ? null : hostPattern.exec(host)
  return port !== null && Number(port[1] ?? 0) <= 65_535
}

function refusalOfTarget({ method, url = '', headers }: RequestHead): Refusal | undefined {
  if (url.includes('#')) return { status: 400, detail: 'The request target has a fragment.' }
  if (url.startsWith('/')) return undefined
  if (url === '*' && method === 'OPTIONS') return undefined
  const authority = authorityOf(url)
  if (authority === undefined) return { status: 400, detail: 'The request target is neither a path nor an http URL.' }
  if (authority.toLowerCase() === headers.host?.toLowerCase()) return undefined
  return { status: 400, detail: 'The host of the request target is not the one of the Host header.' }
}

/** The path and query of a request target that {@link refusalOf} let pass. */
export function pathOf({ method, url = '/' }: Pick<IncomingMessage, 'method' | 'url'>): string {
  if (url.startsWith('/') || url === '*') return url
  const start = url.indexOf('/', url.indexOf('://') + 3)
  const query = url.indexOf('?')
  if (query !== -1 && (start === -1 || query < start)) return `/${url.slice(query)}`
  if (start !== -1) return url.slice(start)
  return method === 'OPTIONS' ? '*' : '/'
}

/** The host name of a Host header in lower case, without port and without the root's dot. */
export function hostNameOf(host: string | undefined): string | undefined {
  return host?.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')
}

function authorityOf(url: string): string | undefined {
  return /^https?:\/\/([^/?#@]+)(?:[/?]|$)/i.exec(url)?.[1]
}

/**
 * What an error of Node's parser or of a client's socket is answered with: `cut` where nobody would read it, `ignore` for bytes
 * behind a request that said it was the last. `silent`: not one byte has come.
 */
export function refusalOfError({ code = '' }: { code?: string }, { silent }: { silent: boolean }): Refusal | 'cut' | 'ignore' {
  switch (code) {
    case 'HPE_CLOSED_CONNECTION': return 'ignore'
    case 'ERR_HTTP_REQUEST_TIMEOUT': return silent ? 'cut' : { status: 408, detail: 'The request did not come in time.' }
    case 'HPE_HEADER_OVERFLOW': return { status: 431, detail: 'The head or the trailers of the request are too large.' }
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW': return { status: 413, detail: 'The chunk extensions of the request are too large.' }
    default: return code.startsWith('HPE_') ? { status: 400, detail: 'The request is not valid HTTP.' } : 'cut'
  }
}
