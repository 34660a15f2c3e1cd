import { createHash } from 'node:crypto'
import type { Traffic } from '@plimsoll/model'
import { chooseRelease, deploymentIdOf, isDocument, type Ask, type Choice } from './choose-release.ts'

/** Where a visitor sits while a share of them tries a release. */
export interface Seat {
  readonly inCanary: boolean
  /** A Set-Cookie that keeps the visitor there, or forgets it. */
  readonly cookie?: string
}

export interface SeatedChoice extends Choice {
  /** What the answer sets, where the visitor got a seat, or loses it. */
  readonly cookie?: string | undefined
}

/** As {@link chooseRelease}, but that what would go to live goes to the canary for a visitor who has a seat there. */
export function chooseWithCanary(traffic: Traffic, service: string, ask: Ask): SeatedChoice | undefined {
  const choice = chooseRelease(traffic, service, ask)
  const isPlain = traffic.canary === undefined && ask.headers['cookie'] === undefined
  if (choice === undefined || isPlain || choice.release !== traffic.live) return choice
  const { inCanary, cookie } = seatOf(traffic, ask)
  const release = traffic.canary?.release
  const target = inCanary ? release?.targets[service] : undefined
  return release === undefined || target === undefined ? { ...choice, cookie } : { release, target, cookie }
}

/** Long enough that nobody who is away overnight changes sides. */
const keptSeconds = 24 * 60 * 60
/** Seats are drawn in ten-thousandths. */
const seats = 10_000

/**
 * Decides for a visitor as a whole: the cookie counts for every service of the app, so that a page and what it asks of another
 * service come from one release. A seat is a number; whoever has one below the share is in the canary. So when the share grows,
 * visitors move forward once, and nobody ever moves back and forth.
 *
 * A deployment id outdoes the cookie. Who comes with neither draws a seat when a document is asked for, for that is where a visit
 * begins; other requests of browsers go to live, because their page did. Other clients keep to what their `Authorization` says;
 * without one they go to live.
 */
export function seatOf(traffic: Traffic, ask: Ask, draw: () => number = Math.random): Seat {
  const { canary, app } = traffic
  const name = `plimsoll-canary-${app}`
  const kept = keptSeat(ask, name)
  if (canary === undefined) return kept !== undefined && isDocument(ask) ? { inCanary: false, cookie: `${name}=; Max-Age=0; ${rest(traffic, ask)}` } : liveSeat
  const byId = sideOfId(traffic, ask)
  if (byId !== undefined) return { inCanary: byId === 'canary' }
  const below = Math.round(canary.share * seats)
  if (kept?.release === canary.release.release) return { inCanary: kept.seat < below }
  if (isDocument(ask)) {
    const seat = Math.floor(draw() * seats)
    return { inCanary: seat < below, cookie: `${name}=r${canary.release.release}.${seat}; Max-Age=${keptSeconds}; ${rest(traffic, ask)}` }
  }
  const { authorization } = ask.headers
  if (isOfBrowser(ask) || typeof authorization !== 'string') return liveSeat
  return { inCanary: seatBy(`${canary.release.release} ${authorization}`) < below }
}

const liveSeat: Seat = { inCanary: false }

/** Browsers say where a request comes from; programs do not. */
function isOfBrowser({ headers }: Ask): boolean {
  return headers['sec-fetch-site'] !== undefined || headers['origin'] !== undefined || headers['referer'] !== undefined
}

/** The side that the asking page was made by. An id that both have, because nothing of that service changed, says nothing. */
function sideOfId({ live, canary }: Traffic, ask: Ask): 'live' | 'canary' | undefined {
  const id = deploymentIdOf(ask)
  if (id === undefined || isDocument(ask)) return undefined
  const ofLive = Object.values(live.deploymentIds).includes(id)
  const ofCanary = canary !== undefined && Object.values(canary.release.deploymentIds).includes(id)
  return ofLive === ofCanary ? undefined : ofLive ? 'live' : 'canary'
}

function keptSeat({ headers }: Ask, name: string): { readonly release: number; readonly seat: number } | undefined {
  const { cookie } = headers
  if (typeof cookie !== 'string' || !cookie.includes(name)) return undefined
  for (const pair of cookie.split(';')) {
    const [key, value = ''] = pair.trim().split('=')
    const read = key === name ? /^r(\d{1,9})\.(\d{1,4})$/.exec(value) : null
    if (read !== null) return { release: Number(read[1]), seat: Number(read[2]) }
  }
  return undefined
}

/** The same for every request with this text. */
function seatBy(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) % seats
}

function rest(traffic: Traffic, ask: Ask): string {
  const domain = domainOf(traffic, ask)
  return `Path=/; HttpOnly; SameSite=Lax${domain === undefined ? '' : `; Domain=${domain}`}`
}

/**
 * What all host names of the app end in, so that one cookie reaches all of its services. Ports share cookies anyway. Not what
 * could be a registry's own domain, such as `co.uk`: browsers drop a cookie for that.
 */
function domainOf({ entries }: Traffic, { headers }: Ask): string | undefined {
  const hosts = Object.values(entries).flatMap((entry) => entry.hosts.map((host) => host.toLowerCase()))
  const host = String(headers['host'] ?? '').toLowerCase().replace(/:\d+$/, '')
  if (!hosts.includes(host)) return undefined
  const related = hosts.filter((each) => each.split('.').at(-1) === host.split('.').at(-1))
  const common = related.map((each) => each.split('.').toReversed()).reduce((one, other) => one.slice(0, firstDifference(one, other)))
  const domain = common.toReversed().join('.')
  return common.length >= 2 && (related.includes(domain) || domain.endsWith('.localhost')) ? domain : undefined
}

function firstDifference(one: readonly string[], other: readonly string[]): number {
  const at = one.findIndex((label, i) => label !== other[i])
  return at === -1 ? one.length : at
}
