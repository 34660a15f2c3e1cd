import { fromProblem, PlimsollError, problemSchema, toProblem } from '@plimsoll/model'
import { z } from 'zod'

/** What one edge process may be asked by another: name → what it does with the body and the socket that came with it. */
export type Verbs = Readonly<Record<string, (body: unknown, socket: unknown) => unknown>>

export interface Question {
  readonly verb: string
  readonly body?: unknown
  /** A listening socket that the other process is to hold too. */
  readonly socket?: unknown
  readonly limitMs: number
}

/** Questions and answers over the channel between a process and the one that it started. */
export interface Talk {
  /** Throws what the other threw, and `EDGE_DOWN` when it is gone or has not answered within `limitMs`. */
  ask(question: Question): Promise<unknown>
  /** Resolves when the channel has closed, which the kernel does with either process. */
  readonly over: Promise<void>
}

/** `process` in the one that was started, the `ChildProcess` in the one that started it. */
export interface Channel {
  readonly connected: boolean
  on(event: 'message', listener: (message: unknown, socket: unknown) => void): unknown
  once(event: 'disconnect', listener: () => void): unknown
  send(message: object, socket: unknown, options: object, sent: (error: Error | null) => void): boolean
}

const messageSchema = z.union([
  z.object({ is: z.literal('question'), number: z.number(), verb: z.string(), body: z.unknown().optional() }),
  z.object({ is: z.literal('answer'), number: z.number(), value: z.unknown().optional() }),
  z.object({ is: z.literal('problem'), number: z.number(), problem: problemSchema }),
])

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

export function talkOver(channel: Channel, verbs: Verbs): Talk {
  const waiting = new Map<number, Waiting>()
  const over = Promise.withResolvers<void>()
  let asked = 0
  const send = (message: object, socket?: unknown): void => {
    channel.send(message, socket, {}, (error) => {
      if (error !== null && 'number' in message) waiting.get(Number(message.number))?.reject(gone(error))
    })
  }
  channel.on('message', (given: unknown, socket: unknown) => {
    const message = messageSchema.parse(given)
    if (message.is === 'question') return void answer(verbs, message, socket).then(send)
    const asker = waiting.get(message.number)
    if (message.is === 'answer') asker?.resolve(message.value)
    else asker?.reject(fromProblem(message.problem))
  })
  channel.once('disconnect', () => {
    // In this order: who is told that a question failed knows by then that it was the end.
    over.resolve()
    for (const asker of waiting.values()) asker.reject(gone())
  })
  return {
    over: over.promise,
    async ask({ verb, body, socket, limitMs }) {
      if (!channel.connected) throw gone()
      const number = (asked += 1)
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      const timer = setTimeout(() => reject(gone()), limitMs)
      waiting.set(number, { resolve, reject })
      try {
        send({ is: 'question', number, verb, body }, socket)
        return await promise
      } finally {
        clearTimeout(timer)
        waiting.delete(number)
      }
    },
  }
}

async function answer(verbs: Verbs, question: { readonly number: number; readonly verb: string; readonly body?: unknown }, socket: unknown): Promise<object> {
  const { number, verb, body } = question
  try {
    const act = verbs[verb]
    if (act === undefined) throw new PlimsollError('NOT_FOUND', `The other edge process does not know "${verb}".`)
    return { is: 'answer', number, value: await act(body, socket) }
  } catch (error) {
    return { is: 'problem', number, problem: toProblem(error) }
  }
}

function gone(cause?: unknown): PlimsollError {
  return new PlimsollError('EDGE_DOWN', 'The other edge process does not answer.', { hint: 'Ask again: plimsoll status', cause })
}
