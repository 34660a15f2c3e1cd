import type { Address, Unit, UnitSpec, Verdict } from '@plimsoll/model'
import type { Reach } from './probe.ts'

/** A release that runs and gets no traffic yet, as its checks see it. */
export interface Candidate {
  readonly units: readonly CandidateUnit[]
}

export interface CandidateUnit {
  readonly unit: Unit
  readonly spec: UnitSpec
  readonly addresses: readonly Address[]
  readonly environment: Readonly<Record<string, string>>
  /** Absolute directory of the artifact's files. */
  readonly files: string
  /** Opens a connection to `address` from where the unit lives; undefined for an address that is none of its place's. */
  readonly reach: (address: Address, signal: AbortSignal) => Promise<Reach | undefined>
}

/** One question, asked of a candidate. A failed check is a Verdict, not a throw. */
export interface Check {
  /** Stable, e.g. `web.pages`. */
  readonly id: string
  readonly title: string
  ask(candidate: Candidate, signal: AbortSignal): Promise<readonly Verdict[]>
}
