import type { AppName, Artifact, LogLine, ReleaseNumber, Source, UnitSpec, Verdict } from '@plimsoll/model'

/** Whoever can say of artifacts that they may be released, by trying them in a copy that is thrown away. */
export interface Prover {
  /**
   * Finds a passing verification of exactly these artifacts (of this commit, where there are none), held against what is live now, or makes one. What it finds is a value; it throws when it could
   * not be made: a lost database, a signal. Called again after a crash it makes another.
   */
  prove(subject: Provable, signal: AbortSignal): Promise<Proof>
}

export interface Provable {
  readonly app: AppName
  readonly source: Source
  readonly blueprint: string
  readonly specs: readonly UnitSpec[]
  /** Absent where the app lives in a place that builds by itself: then the commit is what is proven, with artifacts that are built for the copy. */
  readonly artifacts?: Readonly<Record<string, Artifact>>
  /** What is live; undefined for an app that serves nothing. */
  readonly live: ReleaseNumber | undefined
  /** It is released with a pause. */
  readonly paused?: true
  readonly output: (line: LogLine) => void
}

export interface Proof {
  /** The verification's id. */
  readonly verification: string
  /** That it was there already. */
  readonly reused: boolean
  /** `blocked`: a check failed. `unsure`: something that had to be known could not be found out. */
  readonly is: 'passed' | 'blocked' | 'unsure'
  readonly verdicts: readonly Verdict[]
  /** Where its report lies. */
  readonly report: string
}
