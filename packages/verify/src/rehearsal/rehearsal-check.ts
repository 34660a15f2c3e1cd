import type { Concern, Verdict } from '@plimsoll/model'
import type { Rehearsal } from './rehearsal.ts'

/** A {@link Verdict} but for what whoever asks adds to it. */
export type Finding = Omit<Verdict, 'check' | 'tookMs'>

/**
 * One question of a verification. What it finds is a value; what it throws means that it could not be answered, and becomes `inconclusive`.
 * It leaves the shared copy as it found it: who stops, cuts or breaks something raises a copy of its own.
 */
export interface RehearsalCheck {
  /** Stable, `<concern>.<question>`: `boot.start`. */
  readonly id: string
  /** What holds when it passes, in the present tense. */
  readonly title: string
  readonly concern: Concern
  /** Checks without whose passing this one cannot be asked: it is skipped because of the first of them that blocks. */
  readonly after?: readonly string[]
  /** It measures, and so runs when no other does. */
  readonly alone?: true
  /** After which its answer is `inconclusive`. */
  readonly limitMs: number
  ask(rehearsal: Rehearsal, signal: AbortSignal): Promise<readonly Finding[]>
}
