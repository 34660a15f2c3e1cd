import fc from 'fast-check'
import type { DatabaseAddress } from '@plimsoll/model'
import { lookAtConnections } from '../../database/connections.ts'
import { curlOf, exchange } from '../../exchange.ts'
import { findOperations } from '../../openapi/find-operations.ts'
import { askWith, plainAsk } from '../../openapi/plain-ask.ts'
import { nicelyToldTo } from '../../openapi/told-to.ts'
import type { AppCopy, CopyUnit } from '../../rehearsal/rehearsal.ts'

export interface Taker {
  /** `GET /products/{slug}` */
  readonly operation: string
  readonly requests: number
  /** How many connections more there are after them. */
  readonly stay: number
  /** One of the requests, for a shell. */
  readonly reproduce: string
}

interface Asked {
  readonly unit: CopyUnit
  readonly databases: readonly DatabaseAddress[]
  readonly seed: number
}

/** One after the other, these need one connection, or as many as one request uses at once. */
const requests = 6
const fewestThatStay = 3
const promptMs = 1_000

/**
 * Which operations of an OpenAPI document leave a connection behind with each request, those that leave most first. It sends what writes, too, and
 * ends with the first that waits: nothing is left to take then. None where there is no document.
 */
export async function whoTakes({ unit, databases, seed }: Asked, signal: AbortSignal): Promise<readonly Taker[]> {
  const [address] = unit.addresses
  const operations = address === undefined ? [] : ((await findOperations(address, signal)) ?? [])
  const takers: Taker[] = []
  for (const operation of operations) {
    if (address === undefined) break
    const asks = fc.sample(nicelyToldTo(operation), { seed, numRuns: requests + 1 }).map(({ told }) => askWith({ operation, address }, told))
    const [first, ...others] = asks
    if (first === undefined) continue
    // The first opens what the others use again.
    await exchange(first, signal)
    const before = await lookAtConnections(databases, signal)
    let isPrompt = true
    for (const ask of others) isPrompt &&= (await exchange(ask, signal)).ms < promptMs
    const stay = (await lookAtConnections(databases, signal)).count - before.count
    if (stay >= fewestThatStay) takers.push({ operation: `${operation.method} ${operation.path}`, requests, stay, reproduce: curlOf(first) })
    if (!isPrompt) break
  }
  return takers.toSorted((one, other) => other.stay - one.stay)
}

const eachOnceMs = 4_000

/** Sends every operation of the copy's OpenAPI documents one request, and goes on to the next service where one has taken too long. */
export async function askEachOnce({ units }: AppCopy, seed: number, signal: AbortSignal): Promise<void> {
  await Promise.all(units.map(async ({ addresses: [address] }) => {
    if (address === undefined) return
    const until = performance.now() + eachOnceMs
    for (const operation of (await findOperations(address, signal)) ?? []) {
      if (performance.now() > until) return
      await exchange({ ...plainAsk({ operation, address, seed }), timeoutMs: promptMs, headOnly: true }, signal)
    }
  }))
}
