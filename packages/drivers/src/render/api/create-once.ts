import { PlimsollError } from '@plimsoll/model'
import type { RenderLine } from './render-line.ts'
import type { RenderWrite } from './render-request.ts'

/** Something that is created, and that must not be there twice because an answer was lost. */
export interface Creation<Thing, Answer> {
  /** Of what is created: two of the same are created one after the other, so that neither takes the other's for its own. */
  readonly alike: string
  /** Its answer is undefined where Render has taken the order and says no more. */
  readonly write: Omit<RenderWrite<Answer | undefined>, 'lookFor' | 'method'>
  /** What there is of its kind now, newest first. */
  readonly list: (signal: AbortSignal) => Promise<readonly Thing[]>
  /** For how long Render may not show what it has created; not at all unless given. */
  readonly unseenMs?: number
  /** Whether a thing that was not there before could be this one. */
  readonly couldBe?: (thing: Thing) => boolean
  /** What the answer would have been, had there been one. */
  readonly answerOf: (thing: Thing) => Answer
}

/**
 * Creates, for one line at a time. What is there is noted first. When an answer is lost, what is new since then is taken for what was created, and only when nothing is
 * new it is sent again. Other programs that create the same thing in the same moment are not told apart from this one.
 */
export interface Creator {
  /** Throws `RENDER_DOWN` also when Render has taken the order, says no more, and does not show what came of it in time. */
  create<Thing extends { readonly id: string }, Answer>(creation: Creation<Thing, Answer>, signal: AbortSignal): Promise<Answer>
}

const lookEveryMs = 2_000

export function createCreator(line: RenderLine): Creator {
  const turns = new Map<string, Promise<void>>()
  return {
    async create(creation, signal) {
      const { alike, write, list, unseenMs = 0, couldBe = () => true, answerOf } = creation
      const done = await takeTurn(turns, alike, signal)
      try {
        const before = new Set((await list(signal)).map(({ id }) => id))
        const lookFor = async (until: AbortSignal) => {
          for (const endsAt = line.clock.now() + unseenMs; ;) {
            const found = (await list(until)).find((thing) => !before.has(thing.id) && couldBe(thing))
            if (found !== undefined) return answerOf(found)
            if (line.clock.now() >= endsAt) return undefined
            await line.clock.sleep(lookEveryMs, until)
          }
        }
        const answer = (await line.write({ ...write, method: 'POST', lookFor }, signal)) ?? (await lookFor(signal))
        if (answer === undefined) throw notShown(write.to, unseenMs)
        return answer
      } finally {
        done()
      }
    },
  }
}

function notShown(to: string, unseenMs: number): PlimsollError {
  return new PlimsollError('RENDER_DOWN', `Render has taken the order to ${to}, and has not shown what came of it within ${unseenMs / 1000} s`, { hint: 'See in the dashboard whether it is there, before it is ordered again' })
}

/** Waits until those before have ended; gives what ends this turn. */
async function takeTurn(turns: Map<string, Promise<void>>, name: string, signal: AbortSignal): Promise<() => void> {
  const before = turns.get(name) ?? Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<void>()
  // Whoever gives up keeps its place in the queue until those before it have ended.
  const mine = before.then(() => promise)
  turns.set(name, mine)
  void mine.then(() => {
    if (turns.get(name) === mine) turns.delete(name)
  })
  try {
    await orAborted(before, signal)
  } catch (error) {
    resolve()
    throw error
  }
  return resolve
}

function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort))
}
