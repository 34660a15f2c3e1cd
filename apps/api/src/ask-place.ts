import { isPlimsollError, PlimsollError, toProblem, type Instance, type Problem } from '@plimsoll/model'
import type { AppRecord } from '@plimsoll/store'
import type { Places } from './services.ts'

export type PlaceAnswer = { readonly instances: readonly Instance[]; readonly problem?: undefined } | { readonly instances?: undefined; readonly problem: Problem }

export interface PlaceParts {
  readonly places: Pick<Places, 'open'>
  /** How long a place may take to say what runs there, for somebody who looks; 5 s unless given. */
  readonly patienceMs?: number
}

/**
 * What runs of an app, or why its place does not say: a place that is away takes nothing with it that is elsewhere. Throws when `signal` fires, and what
 * is a bug.
 */
export async function askPlace({ places, patienceMs = 5_000 }: PlaceParts, { name, place }: Pick<AppRecord, 'name' | 'place'>, signal: AbortSignal): Promise<PlaceAnswer> {
  const patience = AbortSignal.timeout(patienceMs)
  try {
    const { driver } = await places.open(place)
    return { instances: await driver.observe(name, AbortSignal.any([signal, patience])) }
  } catch (error) {
    signal.throwIfAborted()
    if (isPlimsollError(error)) return { problem: toProblem(error) }
    if (patience.aborted) return { problem: toProblem(silence({ name, place, patienceMs })) }
    throw error
  }
}

function silence({ name, place, patienceMs }: Pick<AppRecord, 'name' | 'place'> & { readonly patienceMs: number }): PlimsollError {
  return new PlimsollError('PLACE_SILENT', `${place} did not say within ${patienceMs / 1000} s what runs of ${name}`, { hint: 'What is up goes on serving. To ask again: plimsoll status' })
}
