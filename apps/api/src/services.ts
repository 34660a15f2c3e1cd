import type { Check, Clock, DatabaseClones, DatabaseCopies, Driver, Edge, HealthGate, Platform, Probe, Proof, Provable, Prover, PublicCheck, ReleaseContext, Resources, WarmUp } from '@plimsoll/engine'
import type { Builder, CommitQuestion } from '@plimsoll/drivers'
import type { PushedImage } from '@plimsoll/drivers/docker'
import type { PlatformRequest, EdgeChoice, Address, AppName, CommitRange, DriverName, Instance, Source, UnitSpec } from '@plimsoll/model'
import type { Store } from '@plimsoll/store'
import type { RehearsalCheck } from '@plimsoll/verify'
import type { DiskLimits } from './config.ts'
import type { LineHub } from './line-hub.ts'
import type { SecretBook } from './secret-book.ts'
import type { Tracing } from './tracing/tracing.ts'
import type { SuiteWorlds } from './verify/suite-worlds.ts'
import type { TellPeople } from './verify/tell-people.ts'

/** Where an app can live, and all that is different there. */
export interface Place {
  readonly driver: Driver
  /** Given where the place builds and moves traffic by itself: then releases go in place, and the edge has no part in them. */
  readonly platform?: Platform
  /** How services stand there, as it was seen at most a quarter of a minute ago: for whoever only looks, and may look often. */
  readonly glance?: Pick<Platform, 'stands' | 'deploysAfter'>
  /** `platform`, of which nothing is changed: what it would send is noted, without secrets. */
  readonly notingPlatform?: (note: (request: PlatformRequest) => void) => Platform
  readonly resources: Resources
  readonly listening: (instance: Instance) => Promise<readonly Address[]>
  /** Whether a unit that lives here can open a connection to an address of this place; undefined for other addresses. */
  readonly reach: ReleaseContext['reach']
  /** Throws `PLACE_CANNOT` when this place cannot run one of them. */
  readonly assertRunnable: (specs: readonly UnitSpec[]) => void
  /** The same, with every image that is not built by its digest: what a tag means is settled once. Throws `REGISTRY_DOWN`, `REGISTRY_REFUSED`, `IMAGE_MISSING`, `IMAGE_MOVED`, `PLACE_CANNOT`. */
  readonly pinImages: (app: AppName, specs: readonly UnitSpec[], signal: AbortSignal) => Promise<readonly UnitSpec[]>
  /** Forgets every trace of an app of which nothing runs any more: what was thrown away is not looked up again. */
  readonly forget: (app: AppName) => Promise<void>
  /** Throw-away databases; undefined where there are none to be had. */
  readonly copies: DatabaseCopies | undefined
  /** Fills databases of previews with what those of their app hold; undefined where that cannot be done. */
  readonly clones?: DatabaseClones | undefined
  /** That what runs here reaches what listens on the loopback of this machine. */
  readonly sharesLoopback: boolean
  /** Given where instances are not reached from here by their addresses: who asks them for an app. */
  readonly askersOf?: (app: AppName) => Pick<Services, 'probe' | 'checks' | 'warmUp'>
  /** Given there, too: the same place for an edge and for checks on this machine, where what is in it has addresses of this machine's. */
  readonly nearby?: Nearby
  /** Given where the place has edges of its own, on its machines. */
  readonly edges?: Edge
  /** Deletes artifacts and work directories of builds that there is no room for. */
  readonly pruneBuilds: Builder['prune']
}

export interface Nearby {
  readonly driver: Driver
  /** Knows whether something takes a connection where `driver` says that it is. A connection alone does not: a proxy takes it first. */
  readonly probe: Probe
  /** Where this machine reaches what is at an address of an app's, until the app is forgotten. */
  readonly near: (app: AppName, address: Address) => Promise<Address>
}

/** The places that this Plimsoll has. What one of them needs is loaded when it is first opened: nobody pays for a place that they do not use. */
export interface Places {
  readonly names: readonly DriverName[]
  /** Twice gives the same. Throws `PLACE_CANNOT` for one that is not there. */
  readonly open: (name: DriverName) => Promise<Place>
  /** Those in which something may be left of builds. */
  readonly inUse: () => Promise<readonly { readonly name: DriverName; readonly place: Place }[]>
}

/** Images of services, wherever their apps live. */
export interface Images extends Pick<Builder, 'build'> {
  /** Gives a registry one that was built, and its name there by digest. */
  readonly push: (image: PushedImage, signal: AbortSignal) => Promise<string>
}

/** A prover that is told where in a trace its verification stands. */
export interface TracedProver extends Prover {
  prove(subject: Provable & { readonly traceparent?: string }, signal: AbortSignal): Promise<Proof>
}

/** The parts that the use cases work with; `main.ts` makes the real ones. */
export interface Services {
  readonly store: Store
  readonly places: Places
  readonly edge: Edge
  readonly probe: Probe
  readonly checks: readonly Check[]
  /** What is asked where people reach an app, on a place that moves traffic by itself. */
  readonly publicChecks: readonly PublicCheck[]
  readonly prover: TracedProver
  readonly gate: HealthGate
  readonly warmUp: WarmUp
  readonly clock: Clock
  readonly secrets: SecretBook
  readonly hub: LineHub
  /** The stable port of a service's entry: the same for ever after. */
  readonly entryPort: (app: AppName, service: string) => Promise<number>
  /** Where all entries are reached by host name. */
  readonly sharedPort: number
  /** Where sources are kept that were sent; absolute. */
  readonly sources: string
  readonly readSource: (root: string, blueprint: string) => Promise<Source>
  readonly readCommits: (question: CommitQuestion, signal: AbortSignal) => Promise<CommitRange>
  /** The directory of the sample; undefined where there is none. */
  readonly sample: string | undefined
  readonly images: Images
  /** Below it, each verification has a directory. */
  readonly verifications: string
  /** The executable of a browser; undefined where there is none. */
  readonly browser: string | undefined
  /** What is asked in a verification. */
  readonly rehearsalChecks: () => Promise<readonly RehearsalCheck[]>
  readonly tellPeople: TellPeople
  /** Undefined where nothing is traced. */
  readonly tracing: Tracing | undefined
  /** What the repository's own suites run in. */
  readonly suites: SuiteWorlds
  readonly limits: DiskLimits
  /** How long a release stays warm after another has taken its place. */
  readonly warmMs: number
  /** How long a release is watched unless it says itself; 0: not at all. */
  readonly watchMs: number
  readonly version: string
  /** Where the console answers, if one runs. */
  readonly console: string | undefined
  /** What listens for clients. */
  readonly edgeChoice: EdgeChoice
  /** By which its cluster, with all settings, is told from another one; undefined where it has none. */
  readonly cluster?: string | undefined
}

/** The parts, and those of the place that an app lives in. */
export type PlacedServices = Services & Place

/** `services` where `app` lives, read anew; an app that is not known yet would live as processes. Throws `PLACE_CANNOT` when this Plimsoll does not have the place. */
export async function placed(services: Services, app: AppName): Promise<PlacedServices> {
  const name = (await services.store.apps.find(app))?.place ?? 'process'
  return { ...services, ...(await services.places.open(name)) }
}
