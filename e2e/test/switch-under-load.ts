import { auditWrites } from '../src/load/audit-writes.ts'
import { wallNow } from '../src/load/load-record.ts'
import { pause } from '../src/load/pause.ts'
import { startLoad, type LoadPlan } from '../src/load/start-load.ts'
import { judge, type Evidence, type Judgement } from '../src/judge/judge.ts'
import type { SwitchRecord } from '../src/judge/switch-record.ts'

export interface SwitchPlan {
  readonly load: Omit<LoadPlan, 'longestMs'>
  readonly first: number
  readonly switches: number
  /** Load alone before the first switch, between switches, and after the last. */
  readonly calmMs: number
  readonly streamGraceMs?: number
  /** Does switch `n` (from 1) away from `before`, and says when it began and was acknowledged: now, unless it names a moment of {@link wallNow}. */
  readonly switchOver: (before: number, after: number, told: { asked(at?: number): void; acknowledged(at?: number): void }) => Promise<void>
}

/** Puts load on, switches as often as the plan says, and judges everything that arrived. */
export async function switchUnderLoad(plan: SwitchPlan): Promise<Judgement> {
  return judge(await recordSwitches(plan))
}

/** The same without the judgement, for who counts what arrived in another way too. */
export async function recordSwitches(plan: SwitchPlan): Promise<Evidence> {
  const load = startLoad({ ...plan.load, longestMs: 600_000 })
  const switches: SwitchRecord[] = []
  try {
    await pause(plan.calmMs)
    for (let n = 0; n < plan.switches && !load.overloaded(); n += 1) {
      switches.push(await oneSwitch(plan, plan.first + n))
      await pause(plan.calmMs)
    }
  } finally {
    await load.finish()
  }
  const { records } = await load.finish()
  const audited = await auditWrites(records, plan.load.target)
  return { records: audited, first: plan.first, switches, streamGraceMs: plan.streamGraceMs ?? 10_000 }
}

async function oneSwitch(plan: SwitchPlan, before: number): Promise<SwitchRecord> {
  const times = { askedAt: wallNow(), acknowledgedAt: Number.NaN }
  const after = before + 1
  await plan.switchOver(before, after, {
    asked: (at = wallNow()) => (times.askedAt = at),
    acknowledged: (at = wallNow()) => (times.acknowledgedAt = at),
  })
  return { before, after, ...times }
}
