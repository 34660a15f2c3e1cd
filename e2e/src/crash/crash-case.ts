import type { ErrorCode } from '@plimsoll/model'
import type { FaultKind } from '../judge/fault.ts'
import type { LoadRecord } from '../load/load-record.ts'
import type { Mood } from './mood.ts'

/** What is under way when it happens. */
export const ways = {
  forward: 'a release that is good',
  undo: 'a release that fails after the switch and is taken back',
  back: 'a rollback',
  paused: 'a release that holds requests while it switches',
  unbuilt: 'a release whose build fails',
  unmigrated: 'a release whose migration fails',
  unhealthy: 'a release that does not get healthy',
  canary: 'a release that a share of the visitors meets first',
  breach: 'a release that does worse with its share of the visitors and is taken back',
  watched: 'a release that does worse than the one before and goes back by itself',
  cutOff: 'a cut-off, which ends the service of the release before',
  first: 'the first release of an app, which starts Plimsoll',
  firstUndo: 'a first release that fails after the switch and is taken back',
} as const
export type Way = keyof typeof ways

/** What is typed for each, with which version committed, and how it ends when nobody is hit. */
export const works: Readonly<Record<Way, { readonly mood: Mood | undefined; readonly command: readonly string[]; readonly problem: ErrorCode | undefined }>> = {
  forward: { mood: 'good', command: ['release', '--wait', '0'], problem: undefined },
  undo: { mood: 'bad', command: ['release', '--wait', '0'], problem: 'CANDIDATE_EXITED' },
  back: { mood: undefined, command: ['rollback'], problem: undefined },
  paused: { mood: 'good', command: ['release', '--pause', '--wait', '0'], problem: undefined },
  unbuilt: { mood: 'unbuilt', command: ['release', '--wait', '0'], problem: 'BUILD_FAILED' },
  unmigrated: { mood: 'unmigrated', command: ['release', '--wait', '0'], problem: 'MIGRATION_FAILED' },
  unhealthy: { mood: 'unhealthy', command: ['release', '--wait', '0'], problem: 'CANDIDATE_UNHEALTHY' },
  canary: { mood: 'good', command: ['release', '--canary', '30%,60%', '--canary-for', '1s', '--wait', '0'], problem: undefined },
  breach: { mood: 'sick', command: ['release', '--canary', '60%', '--canary-for', '30s', '--wait', '0'], problem: 'CANARY_BREACHED' },
  watched: { mood: 'sick', command: ['release', '--watch', '2m', '--stay', '--wait', '0'], problem: 'ROLLED_BACK' },
  cutOff: { mood: undefined, command: ['cut-off'], problem: undefined },
  first: { mood: undefined, command: ['up'], problem: undefined },
  firstUndo: { mood: 'bad', command: ['up'], problem: 'CANDIDATE_EXITED' },
}

/** Where the app is not there yet; every such case has a world of its own. */
export function isFirst({ way }: Pick<CrashCase, 'way'>): boolean {
  return way === 'first' || way === 'firstUndo'
}

/**
 * Who is hit. `api` dies at the very point; the others are killed while the API stands still at it, which then goes on.
 * Instances are called by what they were when it began: where the release before is retired, that of the `previous` is retiring.
 * A `full disk` is that of the whole home, and has room again only when the command has ended. An `engine` is started again while the release goes on. Where it is `nobody`, all goes as it should.
 */
export const victims = ['api', 'database', 'edge', 'edge and heir', 'cli', 'live instance', 'candidate instance', 'previous instance', 'machine', 'interrupt', 'stopped api', 'full disk', 'engine', 'engine with live-restore', 'nobody'] as const
export type Victim = (typeof victims)[number]

/** One row of the matrix. */
export interface CrashCase {
  readonly way: Way
  readonly victim: Victim
  /** A name of a fault point of the API. */
  readonly point: string
  /** At which pass of it. */
  readonly pass: number
  /** For a point inside a call, since its beginning. */
  readonly afterMs: number
}

export function titleOf({ way, victim, point, pass, afterMs }: CrashCase): string {
  if (victim === 'nobody') return `${way}: nobody`
  return `${way}: ${victim} at ${point}${afterMs > 0 ? ` +${afterMs} ms` : ''}${pass > 1 ? ` (pass ${pass})` : ''}`
}

/** What happens on a disk of its own. */
export function needsDisk({ victim }: Pick<CrashCase, 'victim'>): boolean {
  return victim === 'full disk'
}

/** What needs an engine that leaves alone what it runs when it dies. */
export function needsLiveRestore({ victim }: Pick<CrashCase, 'victim'>): boolean {
  return victim === 'engine with live-restore'
}

/**
 * What these hold when they are killed is theirs to lose, and what comes within so many milliseconds behind it; how much is told, and how
 * long. The edge's is its bar. Where nobody is left who could take over at once it lasts until `up`.
 */
const spillMs: Partial<Record<Victim, number>> = { edge: 300, 'edge and heir': Infinity, machine: Infinity, engine: Infinity, 'engine with live-restore': 15_000, 'live instance': 0, 'candidate instance': 0, 'previous instance': 0 }

/** True for a case that may lose what its victim held. */
export function maySpill({ victim }: Pick<CrashCase, 'victim'>): boolean {
  return spillMs[victim] !== undefined
}

/** How a request ends whose edge or instance is killed. Nothing excuses a second answer, or one of the wrong release. */
const spills: readonly FaultKind[] = ['status', 'refused', 'reset', 'cut', 'timeout', 'hung-up']
/** Who lives on serves on. What it looks up by name it does not find while nobody answers for names, and says so. */
const spillsOfSpared: readonly FaultKind[] = ['status']

/** Whether the request was lost with the victim: it broke, and began before that had gone. */
export function isSpilled({ case: { victim }, goneAt, to }: Pick<CrashResult, 'case' | 'goneAt' | 'to'>, { startedAt, failure, hops }: Pick<LoadRecord, 'startedAt' | 'failure' | 'hops'>): boolean {
  const ms = spillMs[victim]
  if (ms === undefined || goneAt === undefined) return false
  const lasts = Math.min(goneAt + ms, to)
  // An engine that starts again tells what it finds running to end, and that says goodbye to whom it serves.
  if (victim === 'engine' && hops.some(({ serverClosed }) => serverClosed !== undefined && serverClosed.at >= goneAt && serverClosed.at <= lasts)) return true
  if (failure === undefined) return false
  return (victim === 'engine with live-restore' ? spillsOfSpared : spills).includes(failure.is) && startedAt <= lasts
}

/** How a case ended. */
export interface CrashResult {
  readonly case: CrashCase
  /** How the release that was hit ended, in the words of the store; `never began` when it had no number yet. */
  readonly outcome: string
  /** The code of the problem that it ended with. */
  readonly problem: string | undefined
  /** What is wrong with it; empty for a case that held. */
  readonly wrong: readonly string[]
  /** Where the command told something else than the store. */
  readonly untruths: readonly string[]
  /** On the clock of the load. */
  readonly from: number
  /** When the victim had gone; undefined where nobody was hit. */
  readonly goneAt: number | undefined
  readonly to: number
}
