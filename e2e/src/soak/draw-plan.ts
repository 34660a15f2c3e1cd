import type { CrashCase, Way } from '../crash/crash-case.ts'
import { seededRandom } from '../load/seeded-random.ts'

/** How often each is done, relative to the others, where nobody is hit. An app is new only once. */
const waysInPeace: Readonly<Record<Exclude<Way, 'first' | 'firstUndo'>, number>> = { forward: 4, back: 2, paused: 2, canary: 1, breach: 1, watched: 1, cutOff: 1, undo: 1, unbuilt: 1, unmigrated: 1, unhealthy: 1 }
/** The API is what all hangs on, and there is the most of it to hit. */
const shareOfApi = 4

export interface PlanOptions {
  readonly seed: number
  readonly releases: number
  /** What may be hit, and where. */
  readonly cases: readonly CrashCase[]
}

/** What is released, in order, and who is hit meanwhile: somebody in every second one. Equal options give equal plans. */
export function drawPlan({ seed, releases, cases }: PlanOptions): CrashCase[] {
  const random = seededRandom(seed)
  const victims = [...new Set(cases.map(({ victim }) => victim))].map((victim) => [victim, victim === 'api' ? shareOfApi : 1] as const)
  const inPeace = Object.entries(waysInPeace) as [Way, number][]
  return Array.from({ length: releases }, (_, at) => {
    if (at % 2 === 0 || cases.length === 0) return { way: drawn(inPeace, random), victim: 'nobody', point: '', pass: 1, afterMs: 0 }
    const victim = drawn(victims, random)
    const own = cases.filter((one) => one.victim === victim)
    // By way first: most points are those of a release that is good.
    const way = drawn([...new Set(own.map((one) => one.way))].map((each) => [each, 1] as const), random)
    return drawn(own.filter((one) => one.way === way).map((one) => [one, 1] as const), random)
  })
}

function drawn<T>(items: readonly (readonly [item: T, share: number])[], random: () => number): T {
  let left = random() * items.reduce((sum, [, share]) => sum + share, 0)
  for (const [item, share] of items) {
    left -= share
    if (left < 0) return item
  }
  throw new RangeError('there is nothing to draw from')
}
