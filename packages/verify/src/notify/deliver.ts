import type { Clock } from '@plimsoll/engine'
import type { Notice } from '@plimsoll/model'

/** What a receiver said to one try. `gone`: it wants nothing any more. `refused`: it will not take this, however often. `later`: it may yet. */
export type Answer =
  | { readonly is: 'taken' }
  | { readonly is: 'gone' | 'refused'; readonly why: string }
  | { readonly is: 'later'; readonly why: string; readonly afterMs?: number }

export type Delivery = Pick<Notice, 'is' | 'tries' | 'why'>

/** For how long one receiver is tried: a CI job ends, and so nobody comes back to it tomorrow. */
const deadlineMs = 60_000
/** For how long one answer is waited for. */
export const answerMs = 15_000
const pausesMs = [1_000, 4_000, 10_000]

/**
 * Tries until it is taken, refused or gone, four times and for a minute at most; waits as long as the receiver asks, or gives up at once when
 * that is too long. Never throws: an error of `attempt` is a reason to try again, and `signal` ends it as undelivered.
 */
export async function deliver(attempt: (signal: AbortSignal) => Promise<Answer>, clock: Clock, signal: AbortSignal): Promise<Delivery> {
  const until = clock.now() + deadlineMs
  for (let tries = 1; ; tries += 1) {
    const answer = await answerWithin(attempt, { clock, ms: Math.min(answerMs, until - clock.now()) }, signal)
    if (answer.is === 'taken') return { is: 'delivered', tries }
    if (answer.is === 'gone') return { is: 'closed', tries, why: answer.why }
    const pauseMs = answer.is === 'later' ? Math.max(answer.afterMs ?? 0, pausesMs[tries - 1] ?? Infinity) : Infinity
    if (signal.aborted || clock.now() + pauseMs >= until) return { is: 'undelivered', tries, why: reasonOf(answer, tries) }
    try {
      await clock.sleep(pauseMs, signal)
    } catch {
      // Only the signal ends a sleep.
      return { is: 'undelivered', tries, why: `${answer.why}; then it was interrupted` }
    }
  }
}

function reasonOf(answer: Exclude<Answer, { is: 'taken' }>, tries: number): string {
  const asked = answer.is === 'later' && (answer.afterMs ?? 0) >= deadlineMs ? `, and asked to wait ${Math.round((answer.afterMs ?? 0) / 1000)} s` : ''
  return `${answer.why}${asked}${tries > 1 ? ` (${tries} tries)` : ''}`
}

/** One try: what the receiver said, or that it said nothing within `ms`. Never throws. */
export async function answerWithin(attempt: (signal: AbortSignal) => Promise<Answer>, { clock, ms }: { readonly clock: Clock; readonly ms: number }, signal: AbortSignal): Promise<Answer> {
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const late = clock.sleep(ms, either).then((): Answer => ({ is: 'later', why: `there was no answer within ${Math.round(ms / 1000)} s` }))
  try {
    return await Promise.race([attempt(either), late])
  } catch (error) {
    return { is: 'later', why: signal.aborted ? 'it was interrupted' : wordsOf(error) }
  } finally {
    over.abort()
    // Its sleep ended with the abort, which nobody else hears of.
    late.catch(() => {})
  }
}

/** The innermost reason: `fetch failed` says nothing. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.errors[0] !== undefined) return wordsOf(error.errors[0])
  return error.cause instanceof Error ? wordsOf(error.cause) : error.message
}
