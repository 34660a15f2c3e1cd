import type { ErrorCode } from '@plimsoll/model'
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
}

/**
 * Who is hit. `api` dies at the very point; the others are killed while the API stands still at it, which then goes on.
 * Instances are called by what they were when it began: where the release before is retired, that of the `previous` is retiring.
 * Where it is `nobody`, all goes as it should.
 */
export const victims = ['api', 'database', 'edge', 'edge and heir', 'cli', 'live instance', 'candidate instance', 'previous instance', 'machine', 'interrupt', 'stopped api', 'nobody'] as const
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
  readonly to: number
}
