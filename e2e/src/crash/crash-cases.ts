import type { CrashCase, Victim, Way } from './crash-case.ts'

/** Enough to notice that something broke; the whole matrix runs with `PLIMSOLL_E2E=full`. */
export const sampleCases: readonly CrashCase[] = [
  crash('forward', 'api', 'edge.shift after'),
  crash('undo', 'api', 'journal.append undoing:hand-over-workers after'),
  crash('back', 'api', 'driver.stop mailer after'),
]

/** Where the others are hit. The API itself is hit at every point that it passes: see {@link apiCases}. */
const otherPoints: readonly { readonly victim: Victim; readonly way: Way; readonly points: readonly (readonly [point: string, afterMs?: number])[] }[] = [
  {
    victim: 'database', way: 'forward',
    points: [
      ['releases.create after'], ['journal.append started:build before'], ['driver.exec api during', 100], ['driver.start web during', 5], ['edge.shift before'],
      ['edge.shift after'], ['driver.stop mailer after'], ['journal.append done:retire-previous before'], ['releases.update live before'],
    ],
  },
  { victim: 'database', way: 'undo', points: [['journal.append failed:hand-over-workers before'], ['journal.append undone:shift-traffic before']] },
  { victim: 'database', way: 'back', points: [['edge.shift before'], ['driver.start mailer after']] },
  { victim: 'edge', way: 'forward', points: [['driver.start web after'], ['edge.shift before'], ['edge.shift after'], ['edge.drain before']] },
  { victim: 'edge and heir', way: 'forward', points: [['driver.start web after'], ['edge.shift before'], ['edge.shift after']] },
  { victim: 'edge', way: 'undo', points: [['journal.append undoing:shift-traffic after']] },
  {
    victim: 'machine', way: 'forward',
    points: [
      ['releases.create after'], ['driver.build web during', 30], ['driver.exec api during', 100], ['driver.start web after'], ['edge.shift after'],
      ['driver.stop mailer after'], ['driver.start mailer after'], ['edge.drain before'], ['releases.update live before'],
    ],
  },
  { victim: 'machine', way: 'undo', points: [['journal.append undoing:shift-traffic after'], ['driver.stop web after']] },
  { victim: 'machine', way: 'back', points: [['edge.shift after'], ['driver.stop mailer after']] },
  { victim: 'cli', way: 'forward', points: [['journal.append started:build after'], ['edge.shift after']] },
  {
    victim: 'interrupt', way: 'forward',
    points: [
      ['driver.build web during', 30], ['driver.exec api during', 100], ['driver.start web during', 5], ['edge.shift before'], ['edge.shift after'],
      ['driver.stop mailer after'], ['journal.append started:retire-previous after'],
    ],
  },
  {
    victim: 'stopped api', way: 'forward',
    points: [['driver.start web before'], ['edge.shift before'], ['driver.stop mailer before'], ['journal.append done:shift-traffic before'], ['releases.update live before']],
  },
  { victim: 'stopped api', way: 'undo', points: [['journal.append undone:shift-traffic before']] },
  { victim: 'live instance', way: 'forward', points: [['driver.start web after'], ['edge.shift after'], ['edge.drain before']] },
  { victim: 'candidate instance', way: 'forward', points: [['driver.start web after'], ['edge.shift before'], ['edge.shift after']] },
  { victim: 'previous instance', way: 'forward', points: [['driver.start web after'], ['edge.shift after'], ['edge.drain before']] },
]

/** Every case of a victim other than the API. */
export const otherCases: readonly CrashCase[] = otherPoints.flatMap(({ victim, way, points }) => points.map(([point, afterMs = 0]) => crash(way, victim, point, afterMs)))

/** Cron runs come when they come, and nothing of a release waits for them. */
const notOfReleases = [/^crons\./, / nightly /, /^values\./]
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
    return middlesOf(point).map((afterMs) => ({ ...crash(way, 'api', point, afterMs), pass }))
  })
}

function middlesOf(point: string): readonly number[] {
  if (!point.endsWith(' during')) return [0]
  // A write to the database is there or not: its middle is one of its ends.
  return middlesMs.find(([some]) => some.test(point))?.[1] ?? []
}

// oxlint-disable-next-line max-params -- a row of a table
function crash(way: Way, victim: Victim, point: string, afterMs = 0): CrashCase {
  return { way, victim, point, pass: 1, afterMs }
}
