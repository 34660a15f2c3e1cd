import { listens } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { AppCopy, CopyUnit } from '../../rehearsal/rehearsal.ts'
import { bootStart } from './start-check.ts'

/** Starts every service of what is live and of what would follow it, in turns on the same machine: seconds say little, a ratio says more. */
export function timeCheck(limits = usualLimits): RehearsalCheck {
  return {
    id: 'boot.time',
    title: 'No service takes much longer to start than the live one',
    concern: 'health',
    after: [bootStart],
    alone: true,
    limitMs: 120_000,
    async ask(rehearsal, signal) {
      if (rehearsal.live === undefined) return [{ is: 'skipped', finding: 'Nothing is live that a start could be held against' }]
      await using live = await rehearsal.raise({ of: 'live', databases: 'live', start: [] }, signal)
      await using candidate = await rehearsal.raise({ start: [] }, signal)
      const findings: Finding[] = []
      for (const { unit, before } of inBoth(live, candidate)) findings.push(await compare({ unit, before, limits }, signal))
      return findings
    },
  }
}

const muchLonger = 1.5

export interface TimeLimits {
  /** One start may meet a busy machine; the best of some does not. */
  readonly rounds: number
  /** Less than that nobody waits for. */
  readonly noticedMs: number
}

const usualLimits: TimeLimits = { rounds: 3, noticedMs: 1_000 }

function inBoth(live: AppCopy, candidate: AppCopy): readonly { readonly unit: CopyUnit; readonly before: CopyUnit }[] {
  return candidate.units.filter(({ spec }) => listens(spec.kind)).flatMap((unit) => {
    const before = live.units.find(({ spec }) => spec.service === unit.spec.service)
    return before === undefined ? [] : [{ unit, before }]
  })
}

async function compare({ unit, before, limits }: { readonly unit: CopyUnit; readonly before: CopyUnit; readonly limits: TimeLimits }, signal: AbortSignal): Promise<Finding> {
  const { service } = unit.spec
  const best = { now: Infinity, live: Infinity }
  const isSlow = (): boolean => best.now > best.live * muchLonger && best.now > best.live + limits.noticedMs
  for (let round = 0; round === 0 || (round < limits.rounds && isSlow()); round += 1) {
    best.live = Math.min(best.live, await startOf(before, signal))
    best.now = Math.min(best.now, await startOf(unit, signal))
  }
  const seconds = `${(best.now / 1000).toFixed(1)} s`
  if (!isSlow()) return { service, is: 'pass', finding: `${service} is healthy ${seconds} after its start, and the live one ${(best.live / 1000).toFixed(1)} s` }
  return {
    service, is: 'fail', weight: 'advice', finding: `${service} needs ${seconds} from its start until it is healthy, where the live one needs ${(best.live / 1000).toFixed(1)} s`,
    hint: 'A release, and every restart after a crash, takes that much longer. See what it does before it listens.',
  }
}

async function startOf(unit: CopyUnit, signal: AbortSignal): Promise<number> {
  const began = performance.now()
  try {
    await unit.start(signal)
    return performance.now() - began
  } finally {
    await unit.stop(0, signal)
  }
}
