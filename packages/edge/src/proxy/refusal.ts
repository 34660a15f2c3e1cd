import type { IncomingMessage } from 'node:http'
import { headerValues } from './header-rules.ts'

export interface Refusal {
  readonly status: number
  readonly detail: string
}

/** A registered name, an IPv4 or a bracketed IPv6 address, with a port or without. */
const hostPattern = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?)(?::\d{1,5})?$/

/** The fields by which a request and its target are understood; the rest is carried, not judged. */
export type RequestHead = Pick<IncomingMessage, 'method' | 'url' | 'httpVersion' | 'rawHeaders'>

/**
 * What Node's parser lets through although two servers could read it differently, or that we will not serve.
 * Undefined for a request that may pass.
 */
export function refusalOf(head: RequestHead): Refusal | undefined {
  if (head.httpVersion !== '1.1' && head.httpVersion !== '1.0') return { status: 505, detail: 'Only HTTP/1.1 and HTTP/1.0 are spoken here.' }
  const hosts = headerValues(head.rawHeaders, 'host')
  if (hosts.length > 1) return { status: 400, detail: 'The request has more than one Host header.' }
  const [host] = hosts
  if (host === undefined && head.httpVersion === '1.1') return { status: 400, detail: 'The request has no Host header.' }
  if (host !== undefined && !hostPattern.test(host)) return { status: 400, detail: 'The Host header is not a host name.' }
  return refusalOfTarget(head, host)
}

function refusalOfTarget(head: RequestHead, host: string | undefined): Refusal | undefined {
  const url = head.url ?? ''
  if (url.startsWith('/')) return undefined
  if (url === '*' && head.method === 'OPTIONS') return undefined
  const authority = authorityOf(url)
  if (authority === undefined) return { status: 400, detail: 'The request target is neither a path nor an http URL.' }
  if (authority.toLowerCase() === host?.toLowerCase()) return undefined
  return { status: 400, detail: 'The host of the request target is not the one of the Host header.' }
}

/** The path and query of a request target that {@link refusalOf} let pass. */
export function pathOf(url: string): string {
  if (url.startsWith('/') || url === '*') return url
  const start = url.indexOf('/', url.indexOf('://') + 3)
  const query = url.indexOf('?')
  if (start === -1 || (query !== -1 && query < start)) return query === -1 ? '/' : `/${url.slice(query)}`
  return url.slice(start)
}

/** The host name of a Host header in lower case, without port and without the root's dot. */
export function hostNameOf(host: string | undefined): string | undefined {
  return host?.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')
}

function authorityOf(url: string): string | undefined {
  return /^https?:\/\/([^/?#@]+)(?:[/?]|$)/i.exec(url)?.[1]
}
