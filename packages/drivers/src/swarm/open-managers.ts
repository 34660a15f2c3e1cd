import type { Clock } from '@plimsoll/engine'
import { isPlimsollError } from '@plimsoll/model'
import type { DockerEngine, EngineRequest } from '../docker-engine/docker-engine.ts'
import { isAway } from './is-away.ts'

export interface Managers {
  /** Engines that are managers of one cluster. */
  readonly engines: readonly [DockerEngine, ...DockerEngine[]]
  readonly clock: Clock
  /** How long a cluster may be without a leader that answers; a minute unless given. */
  readonly patienceMs?: number | undefined
}

/** How long one manager may take: a cluster that is deciding by vote answers nothing, and another manager may know better. */
const attemptMs = 15_000
const pauseMs = 250

/**
 * A cluster, spoken to by whichever of its managers answers. What one of them refuses for want of a leader, or because it is away, is asked again of
 * the next one, until there is an answer or patience ends: so everything that is sent has to be fit to be sent twice. Throws
 * what the last one said.
 */
export function openManagers({ engines, clock, patienceMs = 60_000 }: Managers): DockerEngine {
  let current = 0
  const persist = async <T>(request: EngineRequest, ask: (engine: DockerEngine, patient: EngineRequest) => Promise<T>, signal: AbortSignal): Promise<T> => {
    const patient = { patienceMs: attemptMs, ...request }
    for (const until = clock.now() + patienceMs; ; await clock.sleep(pauseMs, signal)) {
      const asked = current
      try {
        return await ask(engines[asked] ?? engines[0], patient)
      } catch (error) {
        if (!mayBeOtherwise(error) || clock.now() + pauseMs >= until) throw error
        // Others may have gone on already.
        if (current === asked) current = (asked + 1) % engines.length
      }
    }
  }
  return {
    address: engines[0].address,
    call: (request, signal) => persist(request, (engine, patient) => engine.call(patient, signal), signal),
    read: (schema, request, signal) => persist(request, (engine, patient) => engine.read(schema, patient, signal), signal),
    bytes: (request, signal) => persist(request, (engine, patient) => engine.bytes(patient, signal), signal),
    stream: (request, signal) => persist(request, (engine, patient) => engine.stream(patient, signal), signal),
  }
}

/** A manager that is away, and one that could not do it now: both have statuses of their own, and no words that are to be relied on. */
function mayBeOtherwise(error: unknown): boolean {
  if (isAway(error)) return true
  if (!isPlimsollError(error)) return false
  const { status } = error.details ?? {}
  return error.code === 'ENGINE_REFUSED' && typeof status === 'number' && status >= 500
}
