import type { Clock } from '@plimsoll/engine'

/** `ask`, of which an answer counts for `forMs`; a failure counts for nobody but who met it. Questions are told apart by how they are written as JSON. */
export function recent<Question, Answer>({ clock, forMs }: { readonly clock: Pick<Clock, 'now'>; readonly forMs: number }, ask: (question: Question, signal: AbortSignal) => Promise<Answer>): (question: Question, signal: AbortSignal) => Promise<Answer> {
  const known = new Map<string, { readonly at: number; readonly answer: Answer }>()
  return async (question, signal) => {
    const key = JSON.stringify(question)
    const found = known.get(key)
    if (found !== undefined && clock.now() - found.at < forMs) return found.answer
    const answer = await ask(question, signal)
    known.set(key, { at: clock.now(), answer })
    return answer
  }
}
