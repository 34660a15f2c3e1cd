import type { CandidateUnit } from '@plimsoll/engine'
import { exchange, type Reply } from '../exchange.ts'
import { nextPagesOf } from '../next-pages.ts'
import { freeReadsOf } from '../openapi/free-reads.ts'
import { readinessPaths } from '../readiness-check.ts'
import { createWarmUp } from '../warm-up.ts'

const everyPageOnce = createWarmUp({ timesPerPath: 1, timesForHealth: 0, inFlight: 4, limitMs: 10_000, timeoutMs: 10_000 })

/**
 * Paths that may be asked again and again, because asking changes nothing, and that answered well just now: pages, reads that an OpenAPI document
 * names and that need no parameter, where the service says how it is. In this order; none for a service that does not listen.
 */
export async function readsOf(unit: CandidateUnit, signal: AbortSignal): Promise<readonly string[]> {
  const [address] = unit.addresses
  if (address === undefined) return []
  const [pages, reads] = await Promise.all([everyPageOnce(unit, signal), freeReadsOf(address, signal)])
  const wanted = new Set([...reads, ...statusPathsOf(unit)])
  const asked = await Promise.all([...wanted].slice(0, mostReads).map(async (path) => ({ path, reply: await exchange({ address, path, timeoutMs: 10_000 }, signal) })))
  return [...new Set([...(pages?.paths ?? []), ...asked.filter(({ reply }) => isWell(reply)).map(({ path }) => path)])]
}

const mostReads = 30

/** Up to `most` of these, without opening every page to find them, and those of the paths where it says how it is that answered well. */
export async function fewReadsOf(unit: CandidateUnit, most: number, signal: AbortSignal): Promise<readonly string[]> {
  const [address] = unit.addresses
  if (address === undefined) return []
  const well = async (paths: readonly string[]): Promise<readonly string[]> => {
    const asked = await Promise.all(paths.map(async (path) => ({ path, reply: await exchange({ address, path, timeoutMs: 10_000 }, signal) })))
    return asked.filter(({ reply }) => isWell(reply)).map(({ path }) => path)
  }
  const [pages, reads] = await Promise.all([nextPagesOf(unit.files), freeReadsOf(address, signal)])
  const status = statusPathsOf(unit)
  const candidates = [...new Set([...(pages?.fixed ?? []), ...reads])].filter((path) => !status.includes(path)).slice(0, mostReads)
  const found: string[] = []
  for (let at = 0; found.length < most && at < candidates.length; at += most) found.push(...(await well(candidates.slice(at, at + most))))
  return [...found.slice(0, most), ...(await well(status))]
}

/** Where it says how it is, or may: its health path first. */
export function statusPathsOf({ spec: { healthCheckPath } }: Pick<CandidateUnit, 'spec'>): readonly string[] {
  return [...(healthCheckPath === undefined ? [] : [healthCheckPath]), ...readinessPaths.filter((path) => path !== healthCheckPath)]
}

export function isWell(reply: Reply): boolean {
  return reply.is === 'answer' && reply.status < 400
}
