import type { AppCopy } from '../../rehearsal/rehearsal.ts'
import { openLoadGenerator, type Burst } from './load-generator.ts'
import { originOf, type LoadedService } from './load-routes.ts'
import type { MemoryPoint } from './memory-growth.ts'
import { residentMemory } from './resident-memory.ts'

export type Side = 'candidate' | 'live'

/** What one side did under load, round by round. */
export interface SideRounds {
  /** path → what came of it in each round. */
  readonly bursts: Readonly<Record<string, readonly Burst[]>>
  /** After each round; empty where the place does not tell which process it is. */
  readonly memory: readonly MemoryPoint[]
}

export interface ServiceRounds extends LoadedService {
  readonly candidate: SideRounds
  readonly live: SideRounds | undefined
}

export interface LoadLimits {
  readonly rounds: number
  readonly inFlight: number
  /** Of all bursts together, as far as three rounds allow it. */
  readonly forMs: number
  readonly timeoutMs: number
}

export const usualLoad: LoadLimits = { rounds: 4, inFlight: 4, forMs: 12_000, timeoutMs: 5_000 }
/** Of one burst. */
const [shortestMs, longestMs] = [100, 400]
/** With the one that does not count: fewer say nothing. */
const fewestRounds = 4

interface Kept {
  readonly bursts: Record<string, Burst[]>
  readonly memory: MemoryPoint[]
  requests: number
}

/**
 * Asks both sides the same, path by path and each right after the other, who is first taking turns: what else the machine does hits both. One round
 * before that counts for nothing.
 */
// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
export async function loadRounds(services: readonly LoadedService[], copies: Readonly<Partial<Record<Side, AppCopy>>>, limits: LoadLimits, signal: AbortSignal): Promise<readonly ServiceRounds[]> {
  const sides = (['candidate', 'live'] as const).flatMap((side) => (copies[side] === undefined ? [] : [{ side, copy: copies[side] }]))
  const bursts = services.reduce((sum, { paths }) => sum + paths.length, 0) * sides.length * (limits.rounds + 1)
  const ms = Math.min(longestMs, Math.max(shortestMs, Math.floor(limits.forMs / bursts)))
  const kept = new Map<string, Kept>()
  const keptOf = (side: Side, service: string): Kept => {
    const known = kept.get(`${side} ${service}`) ?? { bursts: {}, memory: [], requests: 0 }
    kept.set(`${side} ${service}`, known)
    return known
  }
  await using generator = openLoadGenerator()
  const until = performance.now() + limits.forMs
  for (let round = 0; round <= limits.rounds && (round < fewestRounds || performance.now() < until); round += 1) {
    const turns = round % 2 === 0 ? sides : sides.toReversed()
    for (const { service, paths } of services) {
      for (const { path, side, copy } of paths.flatMap((each) => turns.map((turn) => ({ ...turn, path: each })))) {
        const burst = await generator.burst({ url: `${originOf(copy, copy.unit(service))}${path}`, inFlight: limits.inFlight, ms, timeoutMs: limits.timeoutMs }, signal)
        note(keptOf(side, service), { path, burst, counts: round > 0 })
      }
      for (const { side, copy } of sides) await noteMemory(keptOf(side, service), { copy, service }, signal)
    }
  }
  return services.map((each) => ({ ...each, candidate: keptOf('candidate', each.service), live: copies.live === undefined ? undefined : keptOf('live', each.service) }))
}

function note(kept: Kept, { path, burst, counts }: { readonly path: string; readonly burst: Burst; readonly counts: boolean }): void {
  kept.requests += Object.values(burst.statuses).reduce((sum, count) => sum + count, 0)
  if (counts) kept.bursts[path] = [...(kept.bursts[path] ?? []), burst]
}

async function noteMemory(kept: Kept, { copy, service }: { readonly copy: AppCopy; readonly service: string }, signal: AbortSignal): Promise<void> {
  const each = await Promise.all((await copy.unit(service).instances(signal)).map(async ({ pid }) => (pid === undefined ? undefined : residentMemory(pid))))
  const known = each.flatMap((bytes) => bytes ?? [])
  if (known.length > 0 && known.length === each.length) kept.memory.push({ requests: kept.requests, bytes: known.reduce((sum, bytes) => sum + bytes, 0) })
}
