import type { ZodType } from 'zod'

/**
 * One named stage of a release.
 *
 * The process may die between any two lines, so `run` and `undo` can each be
 * called again and must converge on the same result.
 */
export interface Step<Context, Needs = object, Gives extends object = object> {
  /** Written to the journal: renaming a step strands the releases in flight. */
  readonly name: string

  /** What it does, as a person who watches is told: "Build what changed". */
  readonly title: string

  /** Checks what `run` gave when it is read back from the journal. Plain data only. */
  readonly gives: ZodType<Gives>

  /** From the moment this step starts, a failure is retried and never undone. */
  readonly pointOfNoReturn?: true

  /** `data`: it may change data, which no undo changes back. `share`: a part of the users meets the release. `switch`: users move from one release to the other. For whoever shows the step. */
  readonly moment?: 'data' | 'share' | 'switch'

  /** True when what was given shows that there is nothing left to do; no later step runs. */
  readonly ends?: (given: Gives) => boolean

  /** Does the work and returns what later steps, and their undos, need to know. */
  readonly run: (context: Context, state: Needs) => Promise<Gives>

  /**
   * Leaves the world as if `run` had never been called, however far it got.
   * It is given what `run` was given and not what `run` returned, which may
   * never have been written down.
   */
  readonly undo?: (context: Context, state: Needs) => Promise<void>
}

/** A step whose needs the pipeline has already checked. */
// oxlint-disable-next-line typescript/no-explicit-any -- the one spot where a checked pipeline becomes a plain list
export type AnyStep<Context> = Step<Context, any, any>

/** Steps in order. Each must find what it needs in what those before it gave. */
export interface Pipeline<Context, Has = object> {
  readonly steps: readonly AnyStep<Context>[]
  step<Gives extends object>(next: Step<Context, Has, Gives>): Pipeline<Context, Has & Gives>
}

/** An empty pipeline for steps that act on `Context`. */
export function pipeline<Context>(): Pipeline<Context> {
  return after<Context, object>([])
}

function after<Context, Has>(steps: readonly AnyStep<Context>[]): Pipeline<Context, Has> {
  return { steps, step: <Gives extends object>(next: Step<Context, Has, Gives>) => after<Context, Has & Gives>([...steps, next]) }
}
