import type { Address, AppName, Artifact, Entry, Environment, Instance, LogLine, Release, ReleaseNumber, Unit, UnitSpec, WantedResources } from '@plimsoll/model'
import type { Check } from './check.ts'
import type { Clock } from './clock.ts'
import type { Driver } from './driver.ts'
import type { Edge } from './edge.ts'
import type { Probe, Reach } from './probe.ts'
import type { Prover } from './prover.ts'
import type { ResourceAddresses } from './resources.ts'
import type { WarmUp } from './warm-up.ts'

/** What every step of a release may use. Made anew for each step, so that `signal` can differ between doing and undoing. */
export interface ReleaseContext {
  readonly app: AppName
  readonly release: Release
  /** From the lease under which this release runs. */
  readonly fence: number
  readonly signal: AbortSignal
  readonly driver: Driver
  readonly clock: Clock
  readonly probe: Probe
  readonly checks: readonly Check[]
  readonly gate: HealthGate
  readonly warmUp: WarmUp
  readonly wiring: Wiring
  readonly memory: ReleaseMemory
  readonly prover: Prover
  /** Told whatever a person who watches may want to read; never a secret. */
  readonly output: (line: LogLine) => void
  /** The sockets an instance listens on, where the place can tell. */
  readonly listening: (instance: Instance) => Promise<readonly Address[]>
  /** Opens a connection from where a unit lives; undefined for an address that is none of the place's. */
  readonly reach: (question: { readonly app: AppName; readonly unit: Unit; readonly address: Address }, signal: AbortSignal) => Promise<Reach | undefined>
}

/** For places where Plimsoll, and not the platform, moves traffic. */
export interface EdgeContext extends ReleaseContext {
  readonly edge: Edge
}

/** When a unit counts as healthy. */
export interface HealthGate {
  readonly successes: number
  readonly intervalMs: number
  readonly timeoutMs: number
  /** For the whole unit, from its start. */
  readonly deadlineMs: number
  /** The unit has served before: that it was started again since is no fault. */
  readonly proven?: true
}

/** Turns the Blueprint of this release into what the steps need. */
export interface Wiring {
  /** Reads the Blueprint. Throws `NO_BLUEPRINT`, `BLUEPRINT_INVALID`, `PLACE_CANNOT`. */
  understand(signal: AbortSignal): Promise<Understood>
  /** Makes databases and key-value services that are missing. */
  provision(wanted: WantedResources, signal: AbortSignal): Promise<ResourceAddresses>
  /** service name → where it is reached from outside, settled once and kept. */
  entries(specs: readonly UnitSpec[]): Promise<Readonly<Record<string, Entry>>>
  /**
   * The final environment of each service. `addresses` are those of this release's own units; at build
   * time, when there are none yet, the stable ones. Throws `VALUE_MISSING` with all that are missing.
   */
  environments(request: EnvironmentRequest, signal: AbortSignal): Promise<Readonly<Record<string, Environment>>>
}

export interface Understood {
  /** The text of render.yaml. */
  readonly blueprint: string
  readonly specs: readonly UnitSpec[]
  readonly wanted: WantedResources
}

export interface EnvironmentRequest {
  readonly phase: 'build' | 'run'
  readonly blueprint: string
  readonly addresses: Readonly<Record<string, Address>>
}

/** What earlier releases of this app left behind. */
export interface ReleaseMemory {
  /** Throws `NOT_FOUND` for a release that was never built. */
  recall(release: ReleaseNumber): Promise<KeptRelease>
  /** Writes down what the release that is made is held against, so that it can be told later how the two differ. Twice is once. */
  note(comparison: NotedComparison): Promise<void>
}

export interface NotedComparison {
  /** What is live; null: nothing. */
  readonly before: ReleaseNumber | null
  /** Of each service, at build time and at run time, with stable addresses. */
  readonly environments: Readonly<Record<string, Environment>>
}

/** A release as it can be run again: its units and the artifacts they run. */
export interface KeptRelease {
  readonly release: ReleaseNumber
  readonly blueprint: string
  readonly specs: readonly UnitSpec[]
  readonly artifacts: Readonly<Record<string, Artifact>>
  /** service → the earlier release whose running unit serves this one too. Every other service has a unit of its own. */
  readonly keeps: Readonly<Record<string, ReleaseNumber>>
  /** service → one digest over all that made its unit what it is. Empty for a release that was never held against another. */
  readonly fingerprints: Readonly<Record<string, string>>
  /** service → the paths that answered well when it was warmed up. Empty for a release that was not. */
  readonly pages: Readonly<Record<string, readonly string[]>>
}
