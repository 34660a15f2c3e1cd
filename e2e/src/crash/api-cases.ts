import type { CrashCase, Way } from './crash-case.ts'

/** Cron runs come when they come, and nothing of a release waits for them; how often is looked is not the same each time. */
const notOfReleases = [/^crons\./, / nightly /, /^values\./, /^edge\.counters/]
/** How long after the beginning of a call it is in the middle of its work. */
const middlesMs: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^driver\.start/, [2, 8]], [/^driver\.stop/, [5, 60]], [/^driver\.exec/, [2, 100]], [/^driver\.build/, [30]], [/^edge\./, [1]], [/^resources/, [2]], [/^leases/, [3]],
]

/**
 * One case for every point that a fault-free run has `passed`, but for what `known` ones have hit already. A point right
 * before a call, with the one after the call before it passed and nothing between them, is the same moment and hit once.
 */
export function apiCases(way: Way, passed: readonly string[], known: readonly CrashCase[] = []): CrashCase[] {
  const seen = new Set(known.map(({ point, pass }) => `${point} ${pass}`))
  const passes = new Map<string, number>()
  const points = passed.filter((point) => notOfReleases.every((other) => !other.test(point)))
  return points.flatMap((point, at) => {
    const pass = (passes.get(point) ?? 0) + 1
    passes.set(point, pass)
    const isSame = point.endsWith(' before') && points[at - 1]?.endsWith(' after') === true
    if (isSame || seen.has(`${point} ${pass}`)) return []
    return middlesOf(point).map((afterMs) => ({ way, victim: 'api', point, pass, afterMs }))
  })
}

function middlesOf(point: string): readonly number[] {
  if (!point.endsWith(' during')) return [0]
  // A write to the database is there or not: its middle is one of its ends.
  return middlesMs.find(([some]) => some.test(point))?.[1] ?? []
}
