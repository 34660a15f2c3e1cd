import { PlimsollError, type Address } from '@plimsoll/model'
import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { hasCode, isMissing, readRecord } from './durable-file.ts'
import type { Place } from './place.ts'

export interface PortRange {
  readonly from: number
  /** The last port, itself included. */
  readonly to: number
}

/** Below the ports that Linux hands out by itself (32768 up), above those that people choose by hand. */
export const defaultPortRange: PortRange = { from: 21_000, to: 29_999 }

const claimSchema = z.object({ owner: z.string(), index: z.number().int().nonnegative() })
type Claim = z.infer<typeof claimSchema>

interface ClaimedPort extends Claim {
  readonly port: number
}

export interface PortBook {
  /** The loopback addresses of `owner`, settled on the first call: `count` of them, always in the same order. */
  addresses(owner: string, count: number): Promise<readonly Address[]>
  /** Gives the owner's ports back. Nothing claimed is fine. */
  forget(owner: string): Promise<void>
}

/**
 * Ports are claimed by making a file that is named after the port, which only one claimant can do.
 * A claim outlives its unit, so that a release that comes back is found where it was; only when the
 * range is used up, the oldest claims whose owner is not `needed` any more are given to others.
 */
export function openPortBook(place: Place, range: PortRange, needed: (owner: string) => Promise<boolean>): PortBook {
  const directory = join(place.home, 'ports')

  async function claims(): Promise<readonly ClaimedPort[]> {
    const names = await readdir(directory).catch(ifMissing<string[]>([]))
    const read = names.filter((name) => /^\d+$/.test(name)).map(async (name): Promise<ClaimedPort[]> => {
      const claim = await readRecord(join(directory, name), claimSchema)
      return claim === undefined ? [] : [{ ...claim, port: Number(name) }]
    })
    return (await Promise.all(read)).flat()
  }

  async function claim(mine: Claim): Promise<number> {
    const taken = new Set((await claims()).map(({ port }) => port))
    for (const port of candidates(place, range)) {
      if (!taken.has(port) && (await isFree(port)) && (await write(port, mine))) return port
    }
    if (await recycleOldest()) return claim(mine)
    throw new PlimsollError('PORT_TAKEN', `No port between ${range.from} and ${range.to} is free for ${mine.owner}`, {
      hint: 'Stop what occupies them, or look at it: ss -ltnp',
    })
  }

  /** False when somebody else was faster. */
  async function write(port: number, mine: Claim): Promise<boolean> {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const temporary = join(directory, `.${port}.${randomBytes(6).toString('hex')}`)
    await writeFile(temporary, JSON.stringify(mine), { flush: true })
    try {
      await link(temporary, join(directory, String(port)))
      return true
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false
      throw error
    } finally {
      await rm(temporary, { force: true })
    }
  }

  async function recycleOldest(): Promise<boolean> {
    const aged = await Promise.all((await claims()).map(async (claimed) => {
      const path = join(directory, String(claimed.port))
      return { path, owner: claimed.owner, age: (await stat(path)).mtimeMs }
    }))
    for (const { path, owner } of aged.sort((a, b) => a.age - b.age)) {
      if (await needed(owner)) continue
      await rm(path, { force: true })
      return true
    }
    return false
  }

  return {
    async addresses(owner, count) {
      const known = new Map((await claims()).filter((claimed) => claimed.owner === owner).map(({ index, port }) => [index, port]))
      const addresses: Address[] = []
      for (let index = 0; index < count; index += 1) {
        addresses.push({ host: '127.0.0.1', port: known.get(index) ?? (await claim({ owner, index })) })
      }
      return addresses
    },
    async forget(owner) {
      const mine = (await claims()).filter((claimed) => claimed.owner === owner)
      await Promise.all(mine.map(({ port }) => rm(join(directory, String(port)), { force: true })))
    },
  }
}

/** Every port of the range once. Where to begin depends on the home, so that two homes seldom want the same port. */
function* candidates(place: Place, { from, to }: PortRange): Generator<number> {
  const size = to - from + 1
  const begin = createHash('sha256').update(place.id).digest().readUInt32BE(0) % size
  for (let step = 0; step < size; step += 1) yield from + ((begin + step) % size)
}

/** Both, because a listener on one loopback address does not stop a bind on all addresses and the other way round. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '0.0.0.0'))
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => (hasCode(error, 'EADDRINUSE') || hasCode(error, 'EACCES') ? resolve(false) : reject(error)))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

function ifMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (isMissing(error)) return value
    throw error
  }
}
