import type { RenderLine } from './render-line.ts'
import type { RenderWrite } from './render-request.ts'

/** Something that is created, and that must not be there twice because an answer was lost. */
export interface Creation<Thing, Answer> {
  /** Of what is created: two of the same are created one after the other, so that neither takes the other's for its own. */
  readonly alike: string
  readonly write: Omit<RenderWrite<Answer>, 'lookFor' | 'method'>
  /** What there is of its kind now, newest first. */
  readonly list: (signal: AbortSignal) => Promise<readonly Thing[]>
  /** Whether a thing that was not there before could be this one. */
  readonly couldBe?: (thing: Thing) => boolean
  /** What the answer would have been, had it not been lost. */
  readonly answerOf: (thing: Thing) => Answer
  /** Finds what an answer without a body stands for; `isNew` says of a thing that it was not there before. */
  readonly settle?: (answer: Answer, isNew: (thing: Thing) => boolean) => Promise<Answer>
}

/**
 * Creates, for one line at a time. What is there is noted first. When an answer is lost, what is new since then is taken for what was created, and only when nothing is
 * new it is sent again. Other programs that create the same thing in the same moment are not told apart from this one.
 */
export interface Creator {
  create<Thing extends { readonly id: string }, Answer>(creation: Creation<Thing, Answer>, signal: AbortSignal): Promise<Answer>
}

export function createCreator(line: RenderLine): Creator {
  const turns = new Map<string, Promise<void>>()
  return {
    async create(creation, signal) {
      const { alike, write, list, couldBe = () => true, answerOf, settle } = creation
      const done = await takeTurn(turns, alike, signal)
      try {
        const before = new Set((await list(signal)).map(({ id }) => id))
        const isNew = (thing: Parameters<typeof answerOf>[0]) => !before.has(thing.id) && couldBe(thing)
        const lookFor = async (until: AbortSignal) => {
          const found = (await list(until)).find(isNew)
          return found === undefined ? undefined : answerOf(found)
        }
        const answer = await line.write({ ...write, method: 'POST', lookFor }, signal)
        return settle === undefined ? answer : await settle(answer, isNew)
      } finally {
        done()
      }
    },
  }
}

/** Waits until those before have ended; gives what ends this turn. */
async function takeTurn(turns: Map<string, Promise<void>>, name: string, signal: AbortSignal): Promise<() => void> {
  const before = turns.get(name) ?? Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<void>()
  const mine = before.then(() => promise)
  turns.set(name, mine)
  const end = () => {
    resolve()
    if (turns.get(name) === mine) turns.delete(name)
  }
  try {
    await orAborted(before, signal)
  } catch (error) {
    end()
    throw error
  }
  return end
}

function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort))
}
