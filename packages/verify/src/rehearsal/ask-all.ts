import { blocks, type AskedCheck, type Concern, type Verdict } from '@plimsoll/model'
import type { Clock } from '@plimsoll/engine'
import type { Finding, RehearsalCheck } from './rehearsal-check.ts'
import type { Rehearsal } from './rehearsal.ts'

export interface Asking {
  readonly checks: readonly RehearsalCheck[]
  readonly clock: Clock
  /** How many are asked at once. */
  readonly width: number
  /** Told as each begins and ends. */
  readonly told: (event: AskingEvent) => void
}

export type AskingEvent =
  | { readonly event: 'asking'; readonly data: { readonly id: string; readonly title: string; readonly concern: Concern; readonly at: string } }
  | { readonly event: 'asked'; readonly data: AskedCheck }

/**
 * Asks every check, each as soon as those that it comes after have answered, and those that measure with nothing beside them, at the end.
 * Gives their answers in the order of `checks`. A check never makes this throw; only `signal` ends it early, with its reason.
 */
export async function askAll(rehearsal: Rehearsal, { checks, clock, width, told }: Asking, signal: AbortSignal): Promise<readonly AskedCheck[]> {
  const asked = new Map<string, AskedCheck>()
  const one = async (check: RehearsalCheck): Promise<void> => {
    const began = clock.now()
    const startedAt = new Date(began).toISOString()
    const { id, title, concern, after = [] } = check
    const obstacle = after.find((each) => (asked.get(each)?.verdicts ?? []).some((verdict) => blocks(verdict) || verdict.because !== undefined))
    if (obstacle === undefined) told({ event: 'asking', data: { id, title, concern, at: startedAt } })
    const findings = obstacle === undefined ? await findingsOf(check, rehearsal, signal) : [skippedBecause(obstacle, asked)]
    const tookMs = Math.round(clock.now() - began)
    const answer = { id, title, concern, startedAt, tookMs, after: [...after], verdicts: findings.map((finding): Verdict => ({ ...finding, check: id, tookMs })) }
    asked.set(id, answer)
    told({ event: 'asked', data: answer })
  }
  const beside = checks.filter(({ alone }) => alone !== true)
  await inOrder(beside, { width, isReady: ({ after = [] }) => after.every((id) => asked.has(id) || !beside.some((each) => each.id === id)) }, one, signal)
  for (const check of checks.filter(({ alone }) => alone === true)) {
    signal.throwIfAborted()
    await one(check)
  }
  return checks.flatMap(({ id }) => asked.get(id) ?? [])
}

/** At most `width` at once, and none before it is ready. */
// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
async function inOrder<T>(items: readonly T[], { width, isReady }: { readonly width: number; readonly isReady: (item: T) => boolean }, work: (item: T) => Promise<void>, signal: AbortSignal): Promise<void> {
  const waiting = [...items]
  const running = new Set<Promise<void>>()
  while (waiting.length > 0 || running.size > 0) {
    signal.throwIfAborted()
    const at = running.size < width ? waiting.findIndex(isReady) : -1
    const [next] = at < 0 ? [] : waiting.splice(at, 1)
    if (next !== undefined) {
      const each: Promise<void> = work(next).finally(() => running.delete(each))
      running.add(each)
    } else if (running.size > 0) {
      await Promise.race(running)
    } else {
      throw new Error('checks wait for each other in a circle')
    }
  }
}

function skippedBecause(obstacle: string, asked: ReadonlyMap<string, AskedCheck>): Finding {
  const first = asked.get(obstacle)?.verdicts.find((verdict) => blocks(verdict) || verdict.because !== undefined)
  // One failure is one card: whoever was skipped because of a skipped check names the failure behind it.
  const because = first?.because ?? obstacle
  return { is: 'skipped', because, finding: `Not asked, because ${because} failed` }
}

async function findingsOf(check: RehearsalCheck, rehearsal: Rehearsal, signal: AbortSignal): Promise<readonly Finding[]> {
  const limit = AbortSignal.timeout(check.limitMs)
  const until = AbortSignal.any([signal, limit])
  try {
    const findings = await Promise.race([check.ask(rehearsal, until), failsWith(until)])
    // Who gives no answer has not said that all is well.
    return findings.length > 0 ? findings : [{ is: 'skipped', finding: 'There was nothing to ask' }]
  } catch (error) {
    signal.throwIfAborted()
    const why = limit.aborted ? `it had no answer after ${check.limitMs / 1000} s` : error instanceof Error ? error.message : String(error)
    return [{ is: 'inconclusive', finding: `Could not be found out: ${why}` }]
  }
}

/** A check that does not listen to its signal holds nobody up. */
function failsWith(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
