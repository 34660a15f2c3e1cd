import type { AppName, DriverName, Environment, LogLine, ServiceName, Source, UnitSpec } from '@plimsoll/model'
import type { Change } from './change.ts'

/**
 * A place that builds and moves traffic by itself, one service at a time, as Render does: Plimsoll says what is to be there
 * and at which commit, and follows what becomes of it.
 *
 * The platform is the only truth about what is there, so nothing is cached. Every call can be made again after a crash but
 * `begin` and `rollBack`, which make another deploy each time: whoever calls them looks first (`deploysAfter`).
 */
export interface Platform {
  readonly name: DriverName
  /** What it cannot do and other places can, in whole sentences: told at the beginning of each release. */
  readonly cannot: readonly string[]
  /** What a rollback leaves as it is, in whole sentences: told before anybody goes back. */
  readonly rollBackLeaves: readonly string[]

  /**
   * Holds what a release wants against what is there. Changes nothing. What refers to something that is not there yet is told by a later
   * survey, once it is made; who refers to it is among the services of the change that makes it.
   */
  survey(wanted: WantedThere, signal: AbortSignal): Promise<Survey>
  /** Makes one change of a survey. Never takes away what the Blueprint does not own. */
  apply(prepared: Prepared, signal: AbortSignal): Promise<void>

  /** How each of the services stands; a service that is not there is left out. */
  stands(app: AppName, services: readonly ServiceName[], signal: AbortSignal): Promise<Readonly<Record<string, Stand>>>
  /** The deploys of a service that were made after the deploy `after`, newest first; all where that is null. */
  deploysAfter(which: DeploysAfter, signal: AbortSignal): Promise<readonly Deploy[]>
  /** Has the service deployed, and returns the deploy's id once the platform has it in its list. Throws `PLACE_CANNOT` for a commit that it does not find. */
  begin(wanted: WantedDeploy, signal: AbortSignal): Promise<string>
  /** Tells the lines of a deploy as they come, until it has ended. */
  follow(which: FollowedDeploy, signal: AbortSignal): Promise<DeployEnd>
  /** Gives up a deploy that waits or goes on; one that has ended stays as it is. */
  cancel(which: OneDeploy, signal: AbortSignal): Promise<void>
  /** Has what the deploy `to` has put live go live again, as a deploy of its own, of which it returns the id. Throws `NOTHING_TO_ROLL_BACK` for what is kept no more. */
  rollBack(which: { readonly app: AppName; readonly service: ServiceName; readonly to: string }, signal: AbortSignal): Promise<string>
  /** Sees to it that a push deploys the service no more. Returns whether one would have until now; false also for a service that is not there. */
  holdAutoDeploy(which: { readonly app: AppName; readonly service: ServiceName }, signal: AbortSignal): Promise<boolean>

  /**
   * What the instances of the services printed, oldest first: the last `tail` lines of all together, then with `follow` new ones until
   * `signal` ends it. Whose deploy they were of is not told. Nothing of a service that is not there.
   */
  logs(request: LogsThere, signal: AbortSignal): AsyncIterable<LogLine>
}

export interface LogsThere {
  readonly app: AppName
  readonly services: readonly ServiceName[]
  readonly tail: number
  readonly follow: boolean
}

/** What a release wants to be there. */
export interface WantedThere {
  readonly app: AppName
  readonly source: Source
  /** The text of render.yaml. */
  readonly blueprint: string
  readonly specs: readonly UnitSpec[]
}

export interface Survey {
  /** In the order in which they are made. */
  readonly changes: readonly Prepared[]
  /** What is not changed though it differs, or has no value, in whole sentences. */
  readonly left: readonly string[]
  /** What each service is to find in its environment, as far as that is known by now. It holds secrets: it is never written down. */
  readonly environments: Readonly<Record<string, Environment>>
}

/** A change with what the platform needs to make it, which may hold secrets: it is never written down. */
export interface Prepared {
  readonly change: Change
  readonly making: unknown
}

/** What a service runs: a commit of its repository, or an image. */
export type DeploySource = { readonly commit: string } | { readonly image: string }

export interface Stand {
  /** What serves now; null where nothing ever did. */
  readonly live: { readonly id: string; readonly source: DeploySource | null; readonly by: Deploy['by'] } | null
  /** The newest deploy of all, whatever became of it. */
  readonly newest: string | null
  /** Where people reach it. */
  readonly url?: string
  /** Those that run now; none of what runs none, as a static site. */
  readonly instances: readonly { readonly id: string; readonly startedAt: string }[]
}

export interface OneDeploy {
  readonly app: AppName
  readonly service: ServiceName
  readonly id: string
}

export interface FollowedDeploy extends OneDeploy {
  readonly tell: (line: LogLine) => void
}

export interface DeploysAfter {
  readonly app: AppName
  readonly service: ServiceName
  readonly after: string | null
}

export interface WantedDeploy {
  readonly app: AppName
  readonly service: ServiceName
  readonly source: DeploySource
}

export interface Deploy {
  readonly id: string
  readonly source: DeploySource | null
  /** `asked`: by the API. */
  readonly by: 'asked' | 'rollback' | 'other'
  /** `replaced`: it was live until another took its place. */
  readonly is: 'under way' | 'live' | 'replaced' | 'failed' | 'canceled'
}

export type DeployEnd =
  | { readonly is: 'live' }
  /** It was live and is no more: another deploy has taken its place. */
  | { readonly is: 'replaced' }
  | { readonly is: 'canceled' }
  | { readonly is: 'failed'; readonly during: 'build' | 'pre-deploy' | 'start'; /** The last lines that it printed. */ readonly log: readonly string[]; /** Where the platform says so: `a command ended with exit status 1`. */ readonly because?: string }

/** Whether what serves is what a deploy of `source` would run. After a rollback it is not: that runs with the variables of an earlier deploy. */
export function runs({ live }: Pick<Stand, 'live'>, source: DeploySource): boolean {
  return live !== null && live.by !== 'rollback' && isSameSource(live.source, source)
}

/** Whether two deploys run the same; of one that does not say it is not known, so they do not. */
export function isSameSource(one: DeploySource | null, other: DeploySource | null): boolean {
  if (one === null || other === null) return false
  return 'commit' in one ? 'commit' in other && one.commit === other.commit : 'image' in other && one.image === other.image
}
