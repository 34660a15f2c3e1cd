import { isPlimsollError, PlimsollError, toProblem, type JournalEntry, type Outcome, type Problem } from '@plimsoll/model'
import type { Clock } from './clock.ts'
import type { Journal } from './journal.ts'
import { begunSteps, failureIn, finishedSteps, undoneSteps } from './past.ts'
import type { AnyStep } from './step.ts'

/** All that one run of a pipeline needs. */
export interface Run<Context> {
  readonly steps: readonly AnyStep<Context>[]
  readonly journal: Journal
  readonly clock: Clock
  /**
   * Fires when the release shall not go on: the step that runs fails with `INTERRUPTED`, or with the reason where that is
   * another {@link PlimsollError}, and all is undone. Ignored from the point of no return on.
   */
  readonly interrupted: AbortSignal
  /** Fires when the lease is lost: nothing more is done or written, and `runSteps` throws `FENCED_OFF`. */
  readonly lost: AbortSignal
  /** Makes the context whose waits end with `signal`. */
  readonly context: (signal: AbortSignal) => Context
}

/**
 * Runs `steps` in order, resuming where the journal ends. If one fails, undoes
 * it and all before it, last first. A failing step is an outcome, not a throw;
 * calling again with the same journal resumes, retries or completes the undo. What the journal throws is thrown.
 * Throws `PIPELINE_CHANGED` when the journal was written by other steps, and
 * `FENCED_OFF` when another runner has taken over.
 */
export async function runSteps<Context>(run: Run<Context>): Promise<Outcome> {
  const past = await run.journal.read()
  assertSameSteps(run.steps, past)
  return new Runner(run, past).forward()
}

/** Holds the journal's next number and what the finished steps gave, for one call of {@link runSteps}. */
class Runner<Context> {
  readonly #run: Run<Context>
  readonly #past: JournalEntry[]
  #state: object = {}

  constructor(run: Run<Context>, past: readonly JournalEntry[]) {
    this.#run = run
    this.#past = [...past]
  }

  async forward(): Promise<Outcome> {
    const { steps } = this.#run
    const failure = failureIn(this.#past)
    for (const step of steps) {
      const done = finishedSteps(this.#past).get(step.name)
      if (done !== undefined) {
        const given = this.#readBack(step, done)
        if (step.ends?.(given)) return { is: 'unchanged', at: step.name }
        continue
      }
      if (failure !== undefined && this.#canGoBack()) return this.#backward(failure.step, failure.problem)
      const problem = await this.#take(step)
      if (problem !== undefined) {
        return this.#canGoBack() ? this.#backward(step.name, problem) : { is: 'stuck', at: step.name, problem }
      }
      if (step.ends?.(this.#state)) return { is: 'unchanged', at: step.name }
    }
    return { is: 'completed' }
  }

  /** Runs one step and writes down how it went; returns the problem if it failed. */
  async #take(step: AnyStep<Context>): Promise<Problem | undefined> {
    const signal = step.pointOfNoReturn || !this.#canGoBack() ? this.#run.lost : AbortSignal.any([this.#run.interrupted, this.#run.lost])
    await this.#write({ is: 'started', step: step.name, at: this.#at() })
    const taken = await this.#ending(async () => {
      if (signal.aborted) throw signal.reason
      return step.gives.parse(await step.run(this.#run.context(signal), this.#state)) as Record<string, unknown>
    })
    if ('error' in taken) {
      const problem = this.#problemOf(taken.error, step)
      await this.#write({ is: 'failed', step: step.name, at: this.#at(), problem })
      return problem
    }
    await this.#write({ is: 'done', step: step.name, at: this.#at(), gives: taken.gives })
    this.#state = { ...this.#state, ...taken.gives }
    return undefined
  }

  /** How `work` ended. What is written down of it comes after: a journal that cannot be written to is no failure of the step, which is taken up again. */
  async #ending<Gives>(work: () => Promise<Gives>): Promise<{ readonly gives: Gives } | { readonly error: unknown }> {
    const ended = await work().then((gives) => ({ gives }), (error: unknown) => ({ error }))
    this.#stopIfLost()
    return ended
  }

  async #backward(at: string, problem: Problem): Promise<Outcome> {
    const begun = this.#run.steps.slice(0, this.#run.steps.findIndex((step) => step.name === at) + 1)
    for (const step of begun.toReversed()) {
      if (undoneSteps(this.#past).has(step.name)) continue
      const failed = await this.#takeBack(step)
      if (failed !== undefined) return { is: 'stuck', at: step.name, problem: failed }
    }
    return { is: 'undone', at, problem }
  }

  async #takeBack(step: AnyStep<Context>): Promise<Problem | undefined> {
    if (step.undo !== undefined) await this.#write({ is: 'undoing', step: step.name, at: this.#at() })
    const takenBack = await this.#ending(async () => step.undo?.(this.#run.context(this.#run.lost), this.#state))
    if ('error' in takenBack) {
      const problem = toProblem(takenBack.error)
      await this.#write({ is: 'undo-failed', step: step.name, at: this.#at(), problem })
      return problem
    }
    await this.#write({ is: 'undone', step: step.name, at: this.#at() })
    return undefined
  }

  async #write(entry: JournalEntry): Promise<void> {
    await this.#run.journal.append(this.#past.length + 1, entry)
    this.#past.push(entry)
  }

  #readBack(step: AnyStep<Context>, gives: unknown): object {
    const given = step.gives.parse(gives) as object
    this.#state = { ...this.#state, ...given }
    return given
  }

  #canGoBack(): boolean {
    const begun = begunSteps(this.#past)
    return !this.#run.steps.some((step) => step.pointOfNoReturn && begun.has(step.name))
  }

  #problemOf(error: unknown, step: AnyStep<Context>): Problem {
    const { aborted, reason } = this.#run.interrupted
    if (!aborted) return toProblem(error)
    if (isPlimsollError(reason) && reason.code !== 'INTERRUPTED') return toProblem(reason)
    return { code: 'INTERRUPTED', message: `The release was stopped by request during "${step.title}"`, hint: 'Run the same command to start it again.' }
  }

  #stopIfLost(): void {
    if (!this.#run.lost.aborted) return
    throw new PlimsollError('FENCED_OFF', 'Another runner has taken over this app, so this one stops', { cause: this.#run.lost.reason })
  }

  #at(): string {
    return new Date(this.#run.clock.now()).toISOString()
  }
}

function assertSameSteps(steps: readonly { name: string }[], past: readonly JournalEntry[]): void {
  for (const [i, name] of [...begunSteps(past)].entries()) {
    if (steps[i]?.name === name) continue
    throw new PlimsollError('PIPELINE_CHANGED', `Step ${i + 1} is now "${steps[i]?.name ?? 'absent'}" but was "${name}" when this release began`, {
      hint: 'Finish this release with the version of Plimsoll that started it.',
    })
  }
}
