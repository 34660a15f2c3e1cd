import type { Check, Clock, Driver, Edge, HealthGate, Probe, Resources, WarmUp } from '@plimsoll/engine'
import type { Builder } from '@plimsoll/drivers'
import type { EdgeChoice, Address, AppName, Instance, Source, UnitSpec } from '@plimsoll/model'
import type { Store } from '@plimsoll/store'
import type { DiskLimits } from './config.ts'
import type { LineHub } from './line-hub.ts'
import type { SecretBook } from './secret-book.ts'

/** The parts that the use cases work with; `main.ts` makes the real ones. */
export interface Services {
  readonly store: Store
  readonly driver: Driver
  readonly edge: Edge
  readonly resources: Resources
  readonly probe: Probe
  readonly checks: readonly Check[]
  readonly gate: HealthGate
  readonly warmUp: WarmUp
  readonly clock: Clock
  readonly secrets: SecretBook
  readonly hub: LineHub
  /** The stable port of a service's entry: the same for ever after. */
  readonly entryPort: (app: AppName, service: string) => Promise<number>
  /** Where all entries are reached by host name. */
  readonly sharedPort: number
  readonly listening: (instance: Instance) => Promise<readonly Address[]>
  readonly readSource: (root: string, blueprint: string) => Promise<Source>
  /** Throws `PLACE_CANNOT` when this place cannot run one of them. */
  readonly assertRunnable: (specs: readonly UnitSpec[]) => void
  /** Deletes artifacts and work directories of builds that there is no room for. */
  readonly pruneBuilds: Builder['prune']
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
}
