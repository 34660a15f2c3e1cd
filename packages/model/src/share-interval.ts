export interface Interval {
  readonly low: number
  readonly high: number
}

const z95 = 1.959964

/** Where the true share lies with 95 % confidence when `hits` of `runs` were seen (Wilson's score interval). Of no run nothing is known: 0 to 1. */
export function wilson(hits: number, runs: number): Interval {
  if (runs === 0) return { low: 0, high: 1 }
  const share = hits / runs
  const square = z95 ** 2
  const middle = (share + square / (2 * runs)) / (1 + square / runs)
  const half = (z95 / (1 + square / runs)) * Math.sqrt((share * (1 - share)) / runs + square / (4 * runs ** 2))
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

/**
 * Whether it is shown with 95 % confidence that a share is `least` or more, when all but `misses` of `runs` were hits: what was seen, or better, would be seen
 * in at most one of twenty such counts otherwise (exact binomial). Of 299 without a miss 99 % are shown, and of 298 not.
 */
export function isShown(misses: number, runs: number, least: number): boolean {
  if (runs === 0 || misses > runs) return false
  let term = least ** runs
  let chance = term
  for (let missed = 1; missed <= misses; missed += 1) {
    term *= ((runs - missed + 1) / missed) * ((1 - least) / least)
    chance += term
  }
  return chance <= 0.05
}

/** `2 of 20 runs (95 % interval: 2.8–30.1 %)`: never the bare ratio, which says more than is known. */
export function shareOfRuns(hits: number, runs: number): string {
  const { low, high } = wilson(hits, runs)
  return `${hits} of ${runs} run${runs === 1 ? '' : 's'} (95 % interval: ${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)} %)`
}
