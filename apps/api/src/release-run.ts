import type { Lease } from '@plimsoll/engine'
import { fromProblem, isPlimsollError, PlimsollError, toProblem, type LogLine, type Problem, type Release } from '@plimsoll/model'
import { awaitingPlace, placeAwaiter, type PlaceAwaiter } from './await-place.ts'
import { redacting } from './context-of.ts'
import { fenced } from './fenced.ts'
import { passing, returning } from './passing-problems.ts'
import type { PlacedServices } from './services.ts'
import { settleRelease } from './settle-release.ts'
import { handingOn } from './tracing/handing-on.ts'
import type { Way } from './way.ts'
import { createWiring } from './wiring.ts'

export interface ReleaseRunParts {
  readonly services: PlacedServices
  readonly release: Release
  readonly way: Way
  /** Under which it begins. */
  readonly lease: Lease
  /** Gives another lease, after one was lost. */
  readonly acquire: (signal: AbortSignal) => Promise<Lease>
  /** Why the database cannot be started again, where that is known. */
  readonly whyNoDatabase: () => Problem | undefined
}

const pausesMs = [100, 250, 500, 1_000]
/** Each attempt is written down: what is away for more than some sixty is asked less often. */
const long = { failures: 60, pauseMs: 10_000 }
/** Nobody is alarmed by what returns by itself before that has failed for longer. */
const patienceMs = 10_000

/**
 * One release on its way to its end. When what it stands on is lost, it stands still and goes on from its journal as soon
 * as it can: forward, or, after the disk was full, back. It never throws; how it ended stands in the store.
 */
export class ReleaseRun {
  readonly release: Release
  readonly ended: Promise<void>
  readonly #parts: ReleaseRunParts
  readonly #stop = new AbortController()
  readonly #leaving = new AbortController()
  /** For all attempts: what has been waited for in vain is not waited for again by each of them. */
  readonly #awaitPlace: PlaceAwaiter
  #standing: PlimsollError | undefined
  #woken = new AbortController()
  #turned = Promise.withResolvers<void>()

  constructor(parts: ReleaseRunParts) {
    this.#parts = parts
    this.release = parts.release
    this.#awaitPlace = placeAwaiter({ clock: parts.services.clock, leaving: this.#leaving.signal, tell: (text) => this.#say(text) })
    this.ended = this.#toItsEnd().finally(() => this.#turned.resolve())
  }

  /** Stops and undoes it. */
  interrupt(reason: PlimsollError): void {
    this.#stop.abort(reason)
  }

  /** Ends the waiting: where it stands, the next start of Plimsoll goes on. */
  leave(): void {
    this.#leaving.abort(new Error('Plimsoll is stopping'))
  }

  /** Lets a release that stands still try at once. Gives why it still stands; undefined when it has ended, and when it was not standing. */
  async goOn(): Promise<PlimsollError | undefined> {
    if (this.#standing === undefined) return undefined
    const turned = this.#turned.promise
    this.#woken.abort()
    await turned
    return this.#standing
  }

  async #toItsEnd(): Promise<void> {
    const { services, release, acquire } = this.#parts
    const signal = this.#leaving.signal
    let lease: Lease | undefined = this.#parts.lease
    const since = services.clock.now()
    let settled = release
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        lease ??= await acquire(signal)
        settled = await this.#attempt(lease)
        break
      } catch (error) {
        const problem = lease?.lost.aborted === true ? asError(lease.lost.reason) : asError(error)
        if (!passing.has(problem.code)) {
          // Another runner has it, or this is a bug: what was written so far is the truth.
          this.#say(problem.message)
          break
        }
        await lease?.release()
        lease = undefined
        await this.#standStill(problem, { failures, since })
      }
    }
    await lease?.release()
    this.#standing = undefined
    services.hub.settle(settled)
  }

  async #attempt(lease: Lease): Promise<Release> {
    const { release, way } = this.#parts
    const services = handingOn(awaitingPlace(fenced(this.#parts.services, lease), this.#awaitPlace), release)
    const wiring = createWiring(services, release.app, release.source)
    const outcome = await way.take(services, {
      release, fence: lease.fence, wiring, interrupted: this.#stop.signal, lost: lease.lost,
      journal: redacting(services, services.store.journalOf(release.app, release.number, lease.fence)),
    })
    if (outcome.is === 'stuck' && passing.has(outcome.problem.code)) throw fromProblem(outcome.problem)
    return settleRelease(services, { release, fence: lease.fence, outcome })
  }

  /** Waits a moment, or until {@link goOn}. What does not pass by itself is told at once, for only a person can help. */
  async #standStill(problem: Problem, { failures, since }: { readonly failures: number; readonly since: number }): Promise<void> {
    const { services, release, whyNoDatabase } = this.#parts
    const cause = (problem.code === 'DATABASE_DOWN' ? whyNoDatabase() : undefined) ?? problem
    this.#standing = standstill(release, cause)
    this.#say(cause.message)
    const isFull = cause.code === 'DISK_FULL'
    if (isFull) this.#stop.abort(fromProblem(cause))
    if (!returning.has(cause.code) || services.clock.now() - since > patienceMs) services.hub.standStill(release, this.#standing)
    this.#turned.resolve()
    this.#turned = Promise.withResolvers()
    this.#woken = new AbortController()
    const pause = failures < long.failures ? (pausesMs[failures] ?? pausesMs.at(-1) ?? 0) : long.pauseMs
    // Both signals end the wait, and the loop sees which.
    await services.clock.sleep(pause, AbortSignal.any([this.#woken.signal, this.#leaving.signal])).catch(() => undefined)
  }

  #say(text: string): void {
    const { services: { hub, clock, secrets }, release: { app, number } } = this.#parts
    const service = 'plimsoll' as LogLine['service']
    hub.line(app, number, { at: new Date(clock.now()).toISOString(), service, release: number, stream: 'plimsoll', text: secrets.redact(text) })
  }
}

function asError(error: unknown): PlimsollError {
  return isPlimsollError(error) ? error : fromProblem(toProblem(error))
}

function standstill({ app, number }: Release, { code, message, hint, details }: Problem): PlimsollError {
  // Past the point of no return there is no taking back, whatever stopped it.
  const next = code === 'DISK_FULL' ? 'As soon as there is room it ends by itself: taken back, or completed if it was retiring the release before' : 'It goes on by itself as soon as it can'
  return new PlimsollError(code, `Release ${number} of ${app} stands still: ${message}`, {
    hint: `${next}; what is live serves on. ${hint ?? ''}`.trim(), details,
  })
}
