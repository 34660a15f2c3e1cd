import type { Troubled } from '../../e2e/src/swarm/fault-stage.ts'

/** How long a release took, in milliseconds, by its journal. */
export interface ReleaseTimes {
  readonly totalMs: number
  /** Of that, for images: they are built and pushed. */
  readonly buildMs: number
  /** From the edges being asked to all that were there having acknowledged. */
  readonly switchMs: number
  /** Of each step, in their order. */
  readonly steps: Readonly<Record<string, number>>
}

/** Undefined for one that was not made in one go: its steps were taken up again. */
export function releaseTimes({ journal }: Pick<Troubled['releases'][number], 'journal'>): ReleaseTimes | undefined {
  const times = journal.map(({ at }) => Date.parse(at))
  const steps: Record<string, number> = {}
  for (const step of new Set(journal.map((entry) => entry.step))) {
    const own = journal.filter((entry) => entry.step === step)
    const [started, done] = [own.filter(({ is }) => is === 'started'), own.filter(({ is }) => is === 'done')]
    if (started.length > 1) return undefined
    if (started.length === 1 && done.length === 1) steps[step] = Date.parse(done[0]?.at ?? '') - Date.parse(started[0]?.at ?? '')
  }
  const { build: buildMs, 'shift-traffic': switchMs } = steps
  if (buildMs === undefined || switchMs === undefined) return undefined
  return { totalMs: Math.max(...times) - Math.min(...times), buildMs, switchMs, steps }
}

/** The value below which this share of them lies; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
