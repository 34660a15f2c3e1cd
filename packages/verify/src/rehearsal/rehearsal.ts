import type { CandidateUnit, DrainReport, ExecResult, KeptRelease, StopReport, UnitCounters } from '@plimsoll/engine'
import type { Address, AppName, Artifact, DatabaseAddress, Environment, Instance, ServiceName, Source, UnitSpec } from '@plimsoll/model'
import type { SignIn } from '@plimsoll/testing/config-schema'
import type { Schema } from '../database/schema.ts'

/** What a verification asks: what would be released, what is live, and copies of both that may be broken. Nothing here leads to what is live. */
export interface Rehearsal {
  readonly app: AppName
  readonly source: Source
  /** The text of render.yaml. */
  readonly blueprint: string
  readonly specs: readonly UnitSpec[]
  /** service → what would be released. Key-value services have none. */
  readonly artifacts: Readonly<Record<string, Artifact>>
  /** What is live and would be replaced; undefined for an app that serves nothing. */
  readonly live: KeptRelease | undefined
  /** Set where it would be released with a pause: nothing of before runs beside it or on its schema, and nobody goes back from it by itself. */
  readonly paused?: true
  /** service → the environment that its copies run with. Secrets in it are canaries: values that are nowhere else. */
  readonly environments: Readonly<Record<string, Environment>>
  /** Whatever must be found nowhere: the canaries, and the app's own secrets that its build was given. */
  readonly secrets: readonly KnownSecret[]
  /** From which everything that is made up is made. */
  readonly seed: number
  /** How a user signs in, where the repository's configuration says so. */
  readonly signIn?: SignIn
  /** Absolute directory for pictures and other files; an `Evidence.file` is relative to it. */
  readonly evidence: string
  /** The executable of a Chromium; undefined where the machine has none. */
  readonly browser: string | undefined
  /**
   * The schemas of the databases that are live, by the Blueprint's names, as their catalogues show them; none where nothing is live, or where they
   * cannot be reached from here. The one look at what is live: it changes nothing, waits for nobody, and gives no way in.
   */
  liveSchemas(signal: AbortSignal): Promise<Readonly<Record<string, Schema>>>
  /** The copy that all share who break nothing in it. Raised at the first call; later ones, also after a failure, get the same. Throws what kept it from being healthy. */
  shared(signal: AbortSignal): Promise<AppCopy>
  /** A copy for whoever asks alone; it ends with the verification at the latest. Throws what kept it from being healthy. */
  raise(wish: CopyWish, signal: AbortSignal): Promise<AppCopy>
}

export interface KnownSecret {
  readonly service: string
  /** The variable. */
  readonly key: string
  readonly value: string
}

export interface CopyWish {
  /** Whose artifacts run; the candidate's unless given. Throws where nothing is live. */
  readonly of?: 'candidate' | 'live'
  /**
   * `migrated`, unless given: a clone of what the candidate's pre-deploy commands make of an empty database. `live`: of what those of the live
   * release make. `live-migrated`: of what the candidate's then make of that. `empty`: nothing.
   */
  readonly databases?: 'migrated' | 'live' | 'live-migrated' | 'empty'
  /**
   * As the next release of that copy, beside it: with its databases, key-value services and entries, which go on leading to it until
   * {@link CopyTraffic.serve}. It ends with that copy at the latest. `databases` says nothing then.
   */
  readonly beside?: AppCopy
  /** Which services it has; all that listen, and static sites, unless given. */
  readonly services?: readonly string[]
  /** Which of them are started; all, unless given. */
  readonly start?: readonly string[]
  /** Leads every connection from a service to a database, a key-value service or another service through a {@link Wire}. */
  readonly wires?: true
  /** Changes the environment of `service` before it starts. */
  readonly alter?: (service: string, environment: Readonly<Record<string, string>>) => Readonly<Record<string, string>>
}

/** The services of an app with databases of their own, behind an edge of the rehearsal. */
export interface AppCopy extends AsyncDisposable {
  readonly units: readonly CopyUnit[]
  /** Throws for a service that it does not have. */
  unit(service: string): CopyUnit
  /** By the Blueprint's names. */
  readonly databases: Readonly<Record<string, CopyDatabase>>
  /** Which requests to its entries come to it. */
  readonly traffic: CopyTraffic
  /** Another database like the one of that name, for whoever wants one alone: a worker of a suite. Dropped with the copy. */
  spare(database: string, signal: AbortSignal): Promise<CopyDatabase>
  /** None unless they were wished for. */
  readonly wires: readonly Wire[]
  /** Where a public service answers through the edge, without a trailing slash; undefined for one that is not public. */
  url(service: string): string | undefined
  /** `host:port` as pages that were built name it → where this copy answers for it. What a browser must be told, or it would ask what is live. */
  readonly publicAddresses: ReadonlyMap<string, Address>
  /** Stops what runs and drops its databases. Twice is once. */
  remove(): Promise<void>
}

/** A copy seen from its entries. */
export interface CopyTraffic {
  /** Leads the entries here in one instant, as a release's switch and a rollback do: what they led to before stays warm. Twice is once. */
  serve(signal: AbortSignal): Promise<void>
  /** Of what does not serve: nothing is pinned to it any more, and what is in flight to it is waited for, as before a release is stopped. */
  drain(signal: AbortSignal): Promise<DrainReport>
  /** service → what the edge has counted for it. Only ever grows. */
  counters(signal: AbortSignal): Promise<Readonly<Record<string, UnitCounters>>>
}

export interface CopyUnit extends CandidateUnit {
  /** Starts it and waits until it is healthy. Throws as a release's start does. */
  start(signal: AbortSignal, environment?: LaidOver): Promise<void>
  /** Starts it, and waits for nothing. */
  begin(signal: AbortSignal, environment?: LaidOver): Promise<void>
  /** SIGTERM as a release would send it, SIGKILL after `graceMs`. */
  stop(graceMs: number, signal: AbortSignal): Promise<StopReport>
  /**
   * SIGTERM to the first process of each instance and to no other, as Render and container engines send it; undefined where `stop` does just that.
   * What has ended by it may be started again a moment later.
   */
  readonly terminate: ((signal: AbortSignal) => Promise<void>) | undefined
  instances(signal: AbortSignal): Promise<readonly Instance[]>
  /** Whether something takes connections at one of its addresses. */
  takes(address: Address, signal: AbortSignal): Promise<boolean>
  /** The sockets that its instances listen on, where the place can tell. */
  listening(signal: AbortSignal): Promise<readonly Address[]>
  /** Its last lines, oldest first. */
  log(tail: number, signal: AbortSignal): Promise<readonly string[]>
  /** Runs a command in its files and environment. */
  exec(command: string, signal: AbortSignal): Promise<ExecResult>
}

/** What is laid over a unit's own environment; `undefined` takes a variable away. */
export type LaidOver = Readonly<Record<string, string | undefined>>

export interface CopyDatabase {
  readonly name: string
  /** As services are told of it. */
  readonly address: DatabaseAddress
  /** As this machine reaches it. */
  readonly here: DatabaseAddress
  /** For this machine, too. */
  readonly connectionString: string
  /** Ends every connection and refuses new ones, as a database that is away does. Twice is once. */
  sever(): Promise<void>
  /** Takes connections again. */
  restore(): Promise<void>
}

/** One edge of the app's wiring, which carries, counts and can be cut. */
export interface Wire {
  readonly from: ServiceName
  /** The service, database or key-value service at its other end. */
  readonly to: string
  /** The variable that names it. */
  readonly key: string
  /** Connections since it was laid. */
  carried(): number
  /** Breaks off what it carries and refuses what comes. */
  cut(): void
  /** Takes connections and carries nothing, as what has stopped answering does, until it is mended: nothing of what was sent is lost. */
  hold(): void
  /** Ends what `cut` and `hold` have begun. */
  mend(): void
}
