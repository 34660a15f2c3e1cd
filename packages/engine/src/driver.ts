import type { Address, AppName, Artifact, DriverName, Instance, LogLine, Source, Unit, UnitSpec } from '@plimsoll/model'

/**
 * A place that can run the Services of an App.
 *
 * Every call converges: asking twice leaves the place as asking once did, and a
 * call that was cut off by a crash can be made again. The place itself is the
 * only truth about what runs there, so nothing is cached. Calls about different
 * units may overlap; calls about one unit are made one after the other.
 */
export interface Driver {
  readonly name: DriverName
  readonly can: Capabilities

  /** What runs for this app, read anew; also instances that this process did not start. */
  observe(app: AppName, signal: AbortSignal): Promise<readonly Instance[]>

  /**
   * Every unit that has to be told to stop before the app is gone from the place: those with instances, and those of which only
   * a command runs, or whose command has ended and is remembered at the cost of what keeps the app there.
   */
  units(app: AppName, signal: AbortSignal): Promise<readonly Unit[]>

  /**
   * Makes the artifact of one Service, or finds the one that equal inputs made before.
   * Touches nothing that is live. Throws `BUILD_FAILED` (with the last lines in `details.log`),
   * `ARTIFACT_BROKEN`, `DISK_FULL`, `TOOL_MISSING`, `OFFLINE`.
   */
  build(request: BuildRequest, signal: AbortSignal): Promise<Artifact>

  /**
   * Where each of the unit's instances will listen, for the edge and for whoever asks after their health.
   * Settled on the first call and the same ever after, also across a restart of Plimsoll.
   */
  addresses(app: AppName, unit: Unit, spec: UnitSpec): Promise<readonly Address[]>

  /**
   * Where the other units of its release reach the unit, whatever number of instances it has; undefined when it does not
   * listen. Settled like `addresses`. Of several instances, those that run take turns behind an address that is none of
   * theirs (a process that balances; elsewhere a network alias or a virtual IP); one alone is reached at its own.
   * Answers from `start` to `stop`; a connection that finds no instance is broken off.
   */
  inner(app: AppName, unit: Unit, spec: UnitSpec): Promise<Address | undefined>

  /**
   * The host under which all of the unit's instances that run at a time are looked up as one, by the edges and at the port of `addresses`. An instance is there when it is healthy, and has
   * left before it is told to end. Only where `can.scatters`, and settled like `addresses`.
   */
  together?(app: AppName, unit: Unit): string

  /** Runs a command to its end in the unit's artifact and environment: pre-deploy work, cron runs. Killed with its whole process group when `signal` fires. */
  exec(run: ExecRequest, signal: AbortSignal): Promise<ExecResult>

  /**
   * Starts the unit's instances and keeps them running (restarts with back-off) until `stop`.
   * Returns when the place has started them, which is not yet healthy: see `observe`.
   */
  start(unit: RunnableUnit, signal: AbortSignal): Promise<readonly Instance[]>

  /**
   * SIGTERM to every instance's process group, SIGKILL after `graceMs`; forgets the unit.
   * Nothing running is success. Returns how each ended.
   */
  stop(app: AppName, unit: Unit, graceMs: number, signal: AbortSignal): Promise<StopReport>

  /**
   * What each running instance of this app has needed so far, with all that it started; one that ends meanwhile is left out, and one on a machine that does
   * not tell. Two readings give what it needs now. Nothing where `can.measure` is false.
   */
  measure(app: AppName, signal: AbortSignal): Promise<readonly Needed[]>

  /** What the unit's instances printed, oldest first: the last `tail` lines, then (with `follow`) new ones until `signal` ends it. */
  logs(request: LogRequest, signal: AbortSignal): AsyncIterable<LogLine>
}

/** Where places differ in kind. Code asks these and never `name`. */
export interface Capabilities {
  /** A candidate can run, and be reached, beside what is live. */
  readonly startBeside: boolean
  readonly exec: boolean
  readonly scale: boolean
  /** It knows what an instance needs of its machine. */
  readonly measure: boolean
  /** What a service writes to the disk of its Blueprint outlives its units. Elsewhere there is none, and its path is what the artifact has there. */
  readonly disks?: true
  /** Instances are on several machines and move between them: the edge finds out by itself which of them answer. */
  readonly scatters?: true
}

/** What one instance needs of its machine. */
export interface Needed {
  /** Its id. */
  readonly instance: string
  /** When it was read, in milliseconds since 1970 by the clock of whoever measured. */
  readonly at: number
  /** Processor time since it was started; a second on each of two processors is two. Falls when it was started again. */
  readonly cpuMs: number
  /** In use now, without what is only cached. */
  readonly memoryBytes: number
  /** What it may use at most; absent where it may use all that there is. */
  readonly memoryLimitBytes?: number
}

export interface BuildRequest {
  readonly app: AppName
  readonly spec: UnitSpec
  readonly source: Source
  /** The unit's environment as far as it is known at build time; never contains PORT or NODE_ENV of ours. */
  readonly environment: Readonly<Record<string, string>>
  /** Names in `environment` whose values must not be found in what is built; every name, where this is absent. */
  readonly secrets?: readonly string[]
  /** Told every line that the build prints, as it comes. */
  readonly output: (line: LogLine) => void
}

/** All that is needed to run one Service of one Release. */
export interface RunnableUnit {
  readonly app: AppName
  readonly unit: Unit
  readonly spec: UnitSpec
  readonly artifact: Artifact
  /** Final; the driver adds only what differs between instances (PORT, RENDER_INSTANCE_ID). */
  readonly environment: Readonly<Record<string, string>>
}

export interface ExecRequest extends RunnableUnit {
  /** The user's own command line, run by a shell. */
  readonly command: string
  readonly output: (line: LogLine) => void
  /** For a run that is to happen once, whatever dies meanwhile; without it, what an earlier call left running is ended. */
  readonly once?: OnceOnly
}

/**
 * Names a run within its unit. A call with the name of a run that goes on, or has ended, waits for that run and gives its
 * end, also after Plimsoll was away; it is not run again. Remembered until a run of another name begins, its `signal` fires, or `stop`.
 */
export interface OnceOnly {
  readonly name: string
  /** When the place went down in the middle of it and nobody knows how it ended: run it again, or give an end without code and signal. */
  readonly whenLost: 'again' | 'tell'
}

/** Code and signal are both null only for a run that was lost. */
export interface ExecResult {
  readonly code: number | null
  readonly signal: string | null
  /** The last 50 lines. */
  readonly log: readonly string[]
}

export interface StopReport {
  readonly instances: number
  /** How many had to be killed after their grace. */
  readonly killed: number
}

export interface LogRequest {
  readonly app: AppName
  readonly unit: Unit
  readonly tail: number
  readonly follow: boolean
}
