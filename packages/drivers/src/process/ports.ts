import type { Clock } from '@plimsoll/engine'
import { PlimsollError, type Address } from '@plimsoll/model'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { hasCode, writeRecord } from './durable-file.ts'
import { withLock } from './lock.ts'
import { lockName, type Place } from './place.ts'
import { rememberRecords } from './remembered-records.ts'

export interface PortRange {
  readonly from: number
  /** The last port, itself included. */
  readonly to: number
}

/** Below the ports that Linux hands out by itself (32768 up), above those that people choose by hand. */
export const defaultPortRange: PortRange = { from: 21_000, to: 29_999 }

const claimsSchema = z.array(z.object({ owner: z.string(), index: z.number().int().nonnegative(), port: z.number().int().positive() }))
type Claim = z.infer<typeof claimsSchema>[number]

export interface PortBook {
  /** The loopback addresses of `owner`, settled on the first call: `count` of them, always in the same order. */
  addresses(owner: string, count: number): Promise<readonly Address[]>
  /** Gives the owner's ports back. Nothing claimed is fine. */
  forget(owner: string): Promise<void>
  /** Gives back the ports of all that belongs to the app. */
  forgetApp(app: string): Promise<void>
}

/** That many claims are remembered; beyond, the oldest go whose owner is gone. */
const rememberedClaims = 1_000

/**
 * Who has which port: one file, oldest claim first. An owner is `<app>/<unit>`, or with one word more
 * `inner/<app>/<unit>` (a unit's balancer), `keyvalue/<app>/<service>` or `docker/<app>/<unit>`. A claim outlives its unit, so that a
 * release that comes back is found where it was.
 */
export function openPortBook({ place, clock, range }: { readonly place: Place; readonly clock: Clock; readonly range: PortRange }): PortBook {
  const file = join(place.home, 'ports.json')
  const recorded = rememberRecords(claimsSchema)
  const read = async (): Promise<readonly Claim[]> => (await recorded(file)) ?? []
  const change = (work: (claims: readonly Claim[]) => Promise<readonly Claim[]>) => {
    const never = new AbortController().signal
    return withLock({ name: lockName(place, 'ports'), clock }, async () => {
      const before = await read()
      const after = await work(before)
      if (after !== before) await writeRecord(file, after)
      return after
    }, never)
  }
  return {
    async addresses(owner, count) {
      const known = portsOf(owner, await read())
      const ports = known.length >= count ? known : portsOf(owner, await change((claims) => claimPorts(claims, { place, range, owner, count })))
      return ports.slice(0, count).map((port) => ({ host: '127.0.0.1', port }))
    },
    async forget(owner) {
      await change(async (claims) => claims.filter((claim) => claim.owner !== owner))
    },
    async forgetApp(app) {
      await change(async (claims) => claims.filter(({ owner }) => owner.split('/').at(-2) !== app))
    },
  }
}

function portsOf(owner: string, claims: readonly Claim[]): readonly number[] {
  return claims.filter((claim) => claim.owner === owner).sort((a, b) => a.index - b.index).map(({ port }) => port)
}

interface Claiming {
  readonly place: Place
  readonly range: PortRange
  readonly owner: string
  readonly count: number
}

async function claimPorts(before: readonly Claim[], { place, range, owner, count }: Claiming): Promise<readonly Claim[]> {
  const claims = forgetOldest(before, place)
  for (let index = portsOf(owner, claims).length; index < count; index += 1) {
    claims.push({ owner, index, port: await freePort(claims, { place, range, owner }) })
  }
  return claims
}

/** A unit whose directory is gone does not run, and whether it comes back is uncertain. Key-value services stay until they are destroyed. */
function forgetOldest(claims: readonly Claim[], place: Place): Claim[] {
  let surplus = claims.length - rememberedClaims
  return claims.filter(({ owner }) => {
    if (surplus <= 0 || isNeeded(owner, place)) return true
    surplus -= 1
    return false
  })
}

function isNeeded(owner: string, place: Place): boolean {
  const words = owner.split('/')
  if (words.length > 2 && words[0] === 'keyvalue') return true
  if (words.length > 2 && words[0] === 'docker') return existsSync(join(place.home, ...words))
  return existsSync(join(place.home, 'units', ...words.slice(-2)))
}

/** Where the search begins depends on the place, so that two places on one machine seldom want the same port. */
async function freePort(claims: readonly Claim[], { place, range: { from, to }, owner }: Omit<Claiming, 'count'>): Promise<number> {
  const taken = new Set(claims.map(({ port }) => port))
  const size = to - from + 1
  const begin = createHash('sha256').update(place.id).digest().readUInt32BE(0) % size
  for (let step = 0; step < size; step += 1) {
    const port = from + ((begin + step) % size)
    if (!taken.has(port) && (await isFree(port))) return port
  }
  throw new PlimsollError('PORT_TAKEN', `No port between ${from} and ${to} is free for ${owner}`, {
    hint: 'Stop what occupies them, or look at it: ss -ltnp',
  })
}

/** Both, because a listener on one loopback address does not stop a bind on all addresses and the other way round. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '0.0.0.0'))
}

/** That nothing holds this port at this address of the machine. */
export function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => (hasCode(error, 'EADDRINUSE') || hasCode(error, 'EACCES') ? resolve(false) : reject(error)))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
