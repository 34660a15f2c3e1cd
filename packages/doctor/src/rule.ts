import type { Position, Remedy } from '@plimsoll/blueprint/inspect'
import type { Diagnostic } from '@plimsoll/model'
import type { Subject } from './subject.ts'

/** What a rule says of one place. */
export interface Found {
  /** A node of the Blueprint, or a place in `file`. */
  readonly place: { readonly at: Position; readonly path: string }
  /** Relative to the repository; the Blueprint unless it is given. */
  readonly file?: string
  /** What is so, there. */
  readonly message: string
  /** What to do instead. */
  readonly fix: string
  /** The same, where no one has to decide. */
  readonly remedy?: Remedy | undefined
}

/** One thing that goes wrong, as data, and the function that finds it. */
export interface Rule {
  /** Stable and lower-case: people name it when they talk about it. */
  readonly id: string
  /** `error` only where Render itself refuses the file. */
  readonly severity: Diagnostic['severity']
  /** What it holds, in one sentence. */
  readonly holds: string
  /** Why it matters, in one sentence. */
  readonly why: string
  /** True when some of its findings have a remedy. */
  readonly mends?: true
  /** Throws nothing, gives the same for the same subject, and changes nothing. */
  find(subject: Subject): Iterable<Found>
}
