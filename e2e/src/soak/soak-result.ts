import type { CrashResult } from '../crash/crash-case.ts'
import type { SizeSample } from './sample-size.ts'

/** One release of a soak, as it was judged when all was at rest again. */
export interface SoakResult extends CrashResult {
  /** Requests, streams and sockets that ended meanwhile. */
  readonly arrived: number
  /** What went wrong with any of them, in words; empty when nothing was lost. */
  readonly lost: readonly string[]
  /** How many a killed edge, instance or machine took with it. */
  readonly spilled: number
  /** Empty where none were sampled. */
  readonly sizes: readonly SizeSample[]
}
