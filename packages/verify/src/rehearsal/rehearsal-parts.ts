import type { Clock, DatabaseCopies, Driver, Edge, HealthGate, KeptRelease, Probe, ReleaseContext, Resources } from '@plimsoll/engine'
import type { Address, AppName, Artifact, DatabaseAddress, Environment, LogLine, Source, UnitSpec, WantedResources } from '@plimsoll/model'
import type { KnownSecret, Rehearsal } from './rehearsal.ts'

/** What a rehearsal is made of. */
export interface RehearsalParts {
  /** Of the verification; names everything that is thrown away with it. */
  readonly id: string
  readonly app: AppName
  readonly source: Source
  /** What would be released. */
  readonly candidate: Version
  /** What is live. */
  readonly live: (KeptRelease & Version) | undefined
  readonly paused?: Rehearsal['paused']
  readonly signIn?: Rehearsal['signIn']
  readonly environments: Readonly<Record<string, Environment>>
  readonly secrets: readonly KnownSecret[]
  readonly seed: number
  readonly evidence: string
  readonly browser: string | undefined

  readonly driver: Driver
  readonly resources: Pick<Resources, 'ensure' | 'destroy'>
  /** Undefined where the place can clone no databases: then an app that wants one cannot be rehearsed. */
  readonly copies: DatabaseCopies | undefined
  /** Where the databases of what is live are, to look at their schemas; empty where nothing is. */
  readonly liveDatabases: (signal: AbortSignal) => Promise<Readonly<Record<string, DatabaseAddress>>>
  /** Where this machine reaches what the copies of an app are told of. Instances have such addresses already: `driver` gives them. */
  readonly near: (app: AppName, address: Address) => Promise<Address>
  /** That what runs there are processes of this machine, which reach what listens on its loopback. */
  readonly sharesLoopback: boolean
  readonly listening: ReleaseContext['listening']
  readonly reach: ReleaseContext['reach']
  /** One of the rehearsal's own. */
  readonly edge: Edge
  readonly clock: Clock
  readonly probe: Probe
  readonly gate: HealthGate
  /** The environment of each service, given where everything is. */
  readonly wire: (surroundings: CopySurroundings) => Readonly<Record<string, Environment>>
  /** A port for an entry. */
  readonly entryPort: (app: AppName, service: string) => Promise<number>
  /** Forgets every trace of a copy of which nothing runs any more. */
  readonly forget: (app: AppName) => Promise<void>
  /** service → `host:port` as pages that were built name it. */
  readonly publicNames: Readonly<Record<string, readonly string[]>>
  /** Told of each copy before there is anything of it. */
  readonly noteCopies: (count: number) => Promise<void>
  readonly output: (line: LogLine) => void
}

/** One of the two that are held against each other. */
export interface Version extends Pick<KeptRelease, 'blueprint' | 'specs' | 'artifacts'> {
  readonly blueprint: string
  readonly specs: readonly UnitSpec[]
  readonly artifacts: Readonly<Record<string, Artifact>>
  readonly wanted: WantedResources
}

export interface CopySurroundings {
  readonly blueprint: string
  /** service → where it is reached by the others. */
  readonly services: Readonly<Record<string, Address>>
  readonly publicUrls: Readonly<Record<string, string>>
  readonly databases: Readonly<Record<string, DatabaseAddress>>
  readonly keyValuePasswords: Readonly<Record<string, string>>
}
