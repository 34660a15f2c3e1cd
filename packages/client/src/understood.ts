import { PlimsollError, type Route } from '@plimsoll/model'
import type { WireEvent } from './read-events.ts'

/** An answer, checked by the schema of its route. Throws `API_DIFFERS`. */
export function understood<Reply>(route: Pick<Route<Reply>, 'method' | 'path' | 'reply'>, answer: unknown): Reply {
  const checked = route.reply.safeParse(answer)
  if (checked.success) return checked.data
  throw new PlimsollError('API_DIFFERS', `The Plimsoll that runs is of another build than what asks it: its answer to ${route.method} ${route.path} is not understood`, {
    hint: 'Replace it by the one that is installed, which stops no app: plimsoll up',
    details: { issues: checked.error.issues },
  })
}

/** One event of a stream as the contract describes it: its name, its number if it has one, and its data. */
export function understoodEvent<Reply>(route: Pick<Route<Reply>, 'method' | 'path' | 'reply'>, { event, id, data }: WireEvent): Reply {
  return understood(route, { event, data: jsonOrUndefined(data), ...(id !== undefined && { id: Number(id) }) })
}

/** The value of a JSON text; undefined for a text that is none, which the schema that comes next reports. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Reported by the caller's schema, with more to say than a position.
    return undefined
  }
}
