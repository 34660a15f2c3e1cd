import type { CrashCase, Victim, Way } from './crash-case.ts'
import type { WorldPlace } from './world-place.ts'

/** Enough to notice that something broke; the whole matrix runs with `PLIMSOLL_E2E=full`. */
export const sampleCases: readonly CrashCase[] = casesIn([
  { victim: 'api', way: 'forward', points: [['edge.shift after']] },
  { victim: 'api', way: 'undo', points: [['journal.append undoing:hand-over-workers after']] },
  { victim: 'api', way: 'back', points: [['driver.stop mailer after']] },
])

/** The API once at each step of a release, of its undo and of a rollback: for where every point takes hours. */
export const stepCases: readonly CrashCase[] = casesIn([
  {
    victim: 'api', way: 'forward',
    points: [
      ['resources.ensure during', 2], ['driver.build web during', 30], ['driver.exec api during', 100], ['driver.start web during', 8], ['journal.append started:warm-candidate after'],
      ['edge.shift during', 1], ['edge.shift after'], ['driver.stop mailer during', 60], ['driver.start mailer after'], ['edge.drain after'], ['releases.update live before'],
    ],
  },
  { victim: 'api', way: 'undo', points: [['journal.append undoing:hand-over-workers after'], ['edge.shift after', 0, 2], ['driver.stop web during', 60]] },
  { victim: 'api', way: 'back', points: [['driver.stop mailer after']] },
])

/** Where a victim is hit. */
interface Hits {
  readonly victim: Victim
  readonly way: Way
  readonly points: readonly (readonly [point: string, afterMs?: number, pass?: number])[]
}

/** Looks of a canary and of a watch by which users have come, and nothing is decided. The first is for comparing. */
const [midShare, midWatch] = [3, 4]

/** Where the others are hit. The API itself is hit at every point that it passes (see `api-cases.ts`); listed are those that come again later, or whose moment is another. */
const otherPoints: readonly Hits[] = [
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

  { victim: 'api', way: 'paused', points: [['driver.exec api during', 100], ['driver.start web after'], ['edge.shift before'], ['edge.shift after']] },
  { victim: 'database', way: 'paused', points: [['edge.pause after'], ['driver.exec api during', 100], ['edge.shift after']] },
  { victim: 'edge', way: 'paused', points: [['edge.pause after'], ['edge.shift before']] },
  { victim: 'edge and heir', way: 'paused', points: [['edge.pause after']] },
  { victim: 'machine', way: 'paused', points: [['edge.pause after'], ['edge.shift after']] },
  { victim: 'interrupt', way: 'paused', points: [['driver.exec api during', 100], ['edge.shift after']] },
  { victim: 'cli', way: 'paused', points: [['edge.pause after']] },

  {
    victim: 'api', way: 'canary',
    points: [['edge.shift during', 1], ['edge.shift after'], ['edge.counters after', 0, midShare], ['edge.shift after', 0, 2], ['edge.shift before', 0, 3], ['edge.shift after', 0, 3]],
  },
  { victim: 'database', way: 'canary', points: [['edge.shift after'], ['edge.counters after', 0, midShare], ['edge.shift after', 0, 3]] },
  { victim: 'edge', way: 'canary', points: [['edge.shift after'], ['edge.counters after', 0, midShare]] },
  ...(['edge and heir', 'machine', 'cli', 'interrupt', 'stopped api', 'live instance', 'candidate instance'] as const).map((victim): Hits => ({ victim, way: 'canary', points: [['edge.counters after', 0, midShare]] })),
  {
    victim: 'api', way: 'breach',
    points: [['journal.append failed:try-canary before'], ['journal.append undoing:try-canary after'], ['edge.shift after', 0, 2], ['edge.drain after'], ['journal.append undone:try-canary after']],
  },
  { victim: 'database', way: 'breach', points: [['journal.append failed:try-canary before'], ['edge.shift before', 0, 2]] },

  {
    victim: 'api', way: 'watched',
    points: [
      ['edge.counters after', 0, midWatch], ['releases.noteWatch watching after'], ['releases.noteWatch going-back before'], ['releases.noteWatch going-back after'], ['releases.create after', 0, 2],
      ['journal.append started:shift-back after'], ['journal.append done:shift-back before'], ['releases.update completed before'], ['releases.noteWatch went-back before'], ['releases.noteWatch went-back after'],
    ],
  },
  { victim: 'database', way: 'watched', points: [['edge.counters after', 0, midWatch], ['releases.noteWatch going-back before'], ['journal.append done:shift-back before'], ['releases.noteWatch went-back before']] },
  { victim: 'edge', way: 'watched', points: [['edge.counters after', 0, midWatch], ['journal.append started:shift-back after']] },
  { victim: 'machine', way: 'watched', points: [['edge.counters after', 0, midWatch], ['releases.noteWatch going-back after'], ['journal.append done:shift-back before']] },
  { victim: 'cli', way: 'watched', points: [['edge.counters after', 0, midWatch]] },
  { victim: 'stopped api', way: 'watched', points: [['releases.noteWatch going-back before'], ['journal.append done:shift-back before']] },

  {
    victim: 'api', way: 'cutOff',
    points: [['edge.shift before'], ['edge.shift after'], ['edge.drain after'], ['driver.stop web before'], ['driver.stop web during', 5], ['driver.stop web after'], ['releases.update retired before']],
  },
  ...(['database', 'machine', 'stopped api'] as const).map((victim): Hits => ({ victim, way: 'cutOff', points: [['edge.shift after']] })),
]

/** Every case of a victim other than the API. */
export const otherCases: readonly CrashCase[] = casesIn(otherPoints)

/** On a disk that fills up while the release stands still at the point, and has room again when the command has ended. */
export const fullDiskCases: readonly CrashCase[] = casesIn([
  {
    victim: 'full disk', way: 'forward',
    points: [
      ['releases.create after'], ['driver.build web before'], ['journal.append started:migrate after'], ['driver.start web before'], ['edge.shift before'],
      ['edge.shift after'], ['driver.stop mailer after'], ['journal.append started:retire-previous after'], ['releases.update live before'],
    ],
  },
  { victim: 'full disk', way: 'undo', points: [['journal.append failed:hand-over-workers before'], ['journal.append undoing:shift-traffic after']] },
  { victim: 'full disk', way: 'back', points: [['edge.shift before'], ['driver.stop mailer after']] },
  { victim: 'full disk', way: 'paused', points: [['edge.pause after'], ['edge.shift after']] },
])

/** Where units run by an engine that can die by itself; it is started again while the release goes on, with what it runs dead or alive. */
export const engineCases: readonly CrashCase[] = casesIn((['engine', 'engine with live-restore'] as const).flatMap((victim): Hits[] => [
  {
    victim, way: 'forward',
    points: [
      ['releases.create after'], ['journal.append started:provision after'], ['driver.build web during', 30], ['driver.exec api during', 100], ['driver.start web during', 5], ['driver.start web after'],
      ['edge.shift before'], ['edge.shift after'], ['driver.stop mailer during', 5], ['driver.stop mailer after'], ['driver.start mailer after'], ['edge.drain before'], ['releases.update live before'],
    ],
  },
  { victim, way: 'undo', points: [['journal.append failed:hand-over-workers before'], ['journal.append undoing:shift-traffic after'], ['driver.stop web after']] },
  { victim, way: 'back', points: [['edge.shift before'], ['edge.shift after'], ['driver.stop mailer after']] },
  { victim, way: 'paused', points: [['edge.pause after'], ['edge.shift after']] },
  { victim, way: 'canary', points: [['edge.counters after', 0, midShare]] },
  { victim, way: 'watched', points: [['edge.counters after', 0, midWatch]] },
  { victim, way: 'cutOff', points: [['edge.shift after']] },
]))

/** Each in a world of its own, in which nobody has typed anything yet. */
export const firstCases: readonly CrashCase[] = casesIn([
  {
    victim: 'api', way: 'first',
    points: [
      ['apps.put after'], ['releases.create after'], ['resources.ensure during', 30], ['journal.append done:provision before'], ['driver.exec api during', 100], ['driver.start web after'],
      ['edge.shift before'], ['edge.shift after'], ['driver.start mailer after'], ['releases.update live before'],
    ],
  },
  { victim: 'database', way: 'first', points: [['resources.ensure before'], ['edge.shift after']] },
  { victim: 'edge', way: 'first', points: [['edge.shift before'], ['edge.shift after']] },
  { victim: 'machine', way: 'first', points: [['resources.ensure after'], ['driver.start web after'], ['edge.shift after']] },
  { victim: 'interrupt', way: 'first', points: [['driver.start web after'], ['edge.shift after']] },
  { victim: 'api', way: 'firstUndo', points: [['journal.append undoing:shift-traffic after'], ['edge.remove after'], ['journal.append undone:provision before']] },
])

/** Those of `cases` whose victim is hit in this place. */
export function casesAt({ spared = [] }: Pick<WorldPlace, 'spared'>, cases: readonly CrashCase[]): CrashCase[] {
  return cases.filter(({ victim }) => !spared.includes(victim))
}

function casesIn(hits: readonly Hits[]): CrashCase[] {
  return hits.flatMap(({ victim, way, points }) => points.map(([point, afterMs = 0, pass = 1]) => ({ way, victim, point, pass, afterMs })))
}
