import type { Remedy } from '@plimsoll/blueprint/inspect'
import type { Diagnostic } from '@plimsoll/model'

/** One thing that will go wrong, where it stands, why it matters, and what to do about it. `hint` is the fix. */
export interface Finding extends Diagnostic {
  readonly why: string
  /** What a machine can do about it; only for findings in the Blueprint. */
  readonly remedy?: Remedy
}
