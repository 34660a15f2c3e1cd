import type { Clock, ExecRequest } from '@plimsoll/engine'
import { isPlimsollError } from '@plimsoll/model'
import { aroundVerbs, type VerbCall } from './around-verbs.ts'
import { awaitReturn } from './await-return.ts'
import { effects } from './fenced.ts'
import type { PlacedServices } from './services.ts'

/**
 * How long a place that does not answer is waited for. systemd starts an engine that died again after two seconds, and gives up when it has died three times
 * within a minute. One that is restarted on purpose first takes up to fifteen until its containers have ended. One that takes a question
 * is there: what it needs until it answers is the driver's to bound.
 */
const awayMs = 30_000

export interface PlaceWaiting {
  readonly clock: Clock
  /** Ends all waiting. */
  readonly leaving?: AbortSignal
  /** Told, once an absence, that it is waited for. */
  readonly tell?: (text: string) => void
}

export type PlaceAwaiter = (call: VerbCall) => Promise<unknown>

/** `services`, with `awaitPlace` put around what their place is asked. Around an effect that is fenced, it asks for the lease again each time. */
export function awaitingPlace(services: PlacedServices, awaitPlace: PlaceAwaiter): PlacedServices {
  return {
    ...aroundVerbs(services, ['reach', 'pinImages'], awaitPlace),
    driver: aroundVerbs(services.driver, [...effects.driver, 'observe'], awaitPlace),
    resources: aroundVerbs(services.resources, effects.resources, awaitPlace),
  }
}

/**
 * Makes calls to a place again while nobody answers there: its verbs converge. `ENGINE_DOWN` after half a minute, and from then on at
 * once, until it has answered again. For whoever has seen that it was there: one that was never there is not waited for.
 */
export function placeAwaiter({ clock, leaving, tell }: PlaceWaiting): PlaceAwaiter {
  let is: 'there' | 'awaited' | 'given up' = 'there'
  const waits = (problem: Error): void => {
    if (is === 'there') tell?.(`${problem.message}; it is waited for`)
    is = 'awaited'
  }
  return async (call) => {
    if (!converges(call)) return call.go()
    try {
      const given = await awaitReturn(call, { code: 'ENGINE_DOWN', awayMs: is === 'given up' ? 0 : awayMs, clock, waits, ...(leaving !== undefined && { unless: leaving }) })
      is = 'there'
      return given
    } catch (error) {
      if (isPlimsollError(error) && error.code === 'ENGINE_DOWN') is = 'given up'
      throw error
    }
  }
}

/** Everything does, but for a command that is to run each time that it is asked for: nobody knows whether it has begun. */
function converges({ verb, args }: VerbCall): boolean {
  return verb !== 'exec' || (args[0] as ExecRequest).once !== undefined
}
