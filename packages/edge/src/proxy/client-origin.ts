import { BlockList, isIP } from 'node:net'
import type { RequestHead } from './refusal.ts'

/** Who asks, as far as the edge knows. */
export interface ClientOrigin {
  readonly address: string
  readonly proto: 'http' | 'https'
}

/** Tells of a request whose it is, given the address that it came from; undefined over a Unix socket. */
export type OriginOf = (request: Pick<RequestHead, 'headers'>, peer: string | undefined) => ClientOrigin

/**
 * Believes proxies at these addresses what they say, and nobody else. Each of them adds the address that it was asked from at
 * the end of X-Forwarded-For, so the client is the last one there that is no such proxy itself.
 */
export function originsBehind(trustedFronts: readonly string[]): OriginOf {
  const fronts = new BlockList()
  for (const front of trustedFronts.filter((each) => each !== 'unix')) {
    const [address = '', prefix] = front.split('/')
    if (prefix === undefined) fronts.addAddress(address, familyOf(address))
    else fronts.addSubnet(address, Number(prefix), familyOf(address))
  }
  const isFront = (address: string): boolean => isIP(address) !== 0 && fronts.check(address, familyOf(address))
  const trustsSockets = trustedFronts.includes('unix')
  return ({ headers }, peer) => {
    const address = plainAddress(peer)
    if (trustedFronts.length === 0 || !(address === undefined ? trustsSockets : isFront(address))) return { address: address ?? 'unknown', proto: 'http' }
    const chain = String(headers['x-forwarded-for'] ?? '').split(',').map((each) => plainAddress(each.trim()) ?? '')
    const client = chain.findLast((each) => !isFront(each))
    return { address: client !== undefined && isIP(client) !== 0 ? client : (address ?? 'unknown'), proto: headers['x-forwarded-proto'] === 'https' ? 'https' : 'http' }
  }
}

/** Whether the name is one that this machine gives itself. Every other one leads here through a front only: the edge listens on loopback addresses. */
export function isLocalName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost')
}

/** IPv4 clients of a dual listener come as `::ffff:127.0.0.1`. */
function plainAddress(address: string | undefined): string | undefined {
  return address?.startsWith('::ffff:') === true ? address.slice(7) : address
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
