import { createHash } from 'node:crypto'
import { errorCodes, fromProblem, isPlimsollError, PlimsollError, problemSchema, toProblem } from '@plimsoll/model'
import type { Clock } from '@plimsoll/engine'
import type { KeyedRequest } from '@plimsoll/store'
import type { FastifyRequest } from 'fastify'
import type { Services } from '../services.ts'

/** How long a key is known. */
const knownMs = 24 * 60 * 60_000
/** How long whoever asked under a key may be away before they count as gone: their connection broke, and they ask again. */
const comeBackMs = 5_000
/** Longer answers are not kept; none of ours is nearly so long. */
const longest = 256 * 1024

/** What a change under a key is done with. */
export interface Asking {
  /** Names the request, however often it is sent. */
  readonly askedAs: string
  /** Fires when whoever asked has left and not come back. */
  readonly signal: AbortSignal
  /** Resolves while somebody waits for the answer; rejects when they do not come back. */
  readonly present: () => Promise<void>
}

/** Changes that were asked for with an `Idempotency-Key`: each is made once, and whoever asks again under its key gets the same answer. */
export interface RepeatedRequests {
  /** Does `work` with what names the request; without that for one that has no key, or comes from nobody who is known. */
  once<T>(request: FastifyRequest, left: AbortSignal, work: (asking: Asking | undefined) => Promise<T>): Promise<T>
}

interface UnderWay {
  readonly asks: string
  readonly answer: Promise<unknown>
  /** Somebody has come who waits for the answer, until `left` fires. */
  readonly wait: (left: AbortSignal) => void
}

export function createRepeatedRequests({ store, clock, absence }: Pick<Services, 'store' | 'clock'> & { readonly absence: Clock }): RepeatedRequests {
  const underWay = new Map<string, UnderWay>()

  async function begin<T>(asked: Keyed, asking: Asking, work: (asking: Asking | undefined) => Promise<T>): Promise<T> {
    const now = clock.now()
    const known = await store.keptAnswers.begin(asked.request, { asks: asked.asks, at: iso(now), since: iso(now - knownMs) }).catch((error: unknown) => unkept(asked, error))
    // It is better done without being able to tell it from a second one than not at all.
    if (known === undefined) return work(undefined)
    if (known.is === 'another') throw anotherAsked(asked)
    if (known.is === 'answered') {
      if (known.answer.failed) throw fromProblem(problemSchema.parse(known.answer.body))
      return known.answer.body as T
    }
    return settled(asked, () => work(asking))
  }

  async function settled<T>({ request, asks, log }: Keyed, work: () => Promise<T>): Promise<T> {
    const keep = async (answer: { readonly failed: boolean; readonly body: unknown }): Promise<void> => {
      const isKept = JSON.stringify(answer).length <= longest && (!answer.failed || isFinal(answer.body))
      // Whoever asks again has it done again: what is done twice is there once, and a release knows who began it.
      await (isKept ? store.keptAnswers.settle(request, { asks, answer }) : store.keptAnswers.forget(request)).catch((error: unknown) => log.error({ err: error }, 'an answer was not kept'))
    }
    try {
      const body = await work()
      await keep({ failed: false, body })
      return body
    } catch (error) {
      await keep({ failed: true, body: isPlimsollError(error) ? toProblem(error) : undefined })
      throw error
    }
  }

  return {
    async once(request, left, work) {
      const asked = keyedIn(request)
      if (asked === undefined) return work(undefined)
      const running = underWay.get(asked.id)
      if (running !== undefined) {
        if (running.asks !== asked.asks) throw anotherAsked(asked)
        running.wait(left)
        const given = (): boolean => underWay.delete(asked.id)
        void running.answer.then(given, given)
        return running.answer as ReturnType<typeof work>
      }
      const { asking, wait, isAwaited } = presence(asked.id, absence)
      wait(left)
      const answer = begin(asked, asking, work)
      underWay.set(asked.id, { asks: asked.asks, answer, wait })
      const forget = (): boolean => underWay.delete(asked.id)
      // Whoever has left may come back for the answer; until then it counts as not given.
      const settle = (): void => {
        if (isAwaited()) forget()
        else asking.signal.addEventListener('abort', forget, { once: true })
      }
      void answer.then(settle, settle)
      return answer
    },
  }
}

interface Keyed {
  readonly id: string
  readonly request: KeyedRequest
  /** Stands for all that is asked. */
  readonly asks: string
  readonly byOwner: boolean
  readonly log: FastifyRequest['log']
}

function keyedIn({ headers, method, url, body, known, log }: FastifyRequest): Keyed | undefined {
  const key = headers['idempotency-key']
  if (key === undefined || known === null) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) throw new PlimsollError('USAGE', 'An Idempotency-Key has 1 to 200 visible characters and no space', { hint: 'A new UUID for each change is a good one.' })
  const { who } = known
  const request = { asker: who.kind === 'owner' ? who.kind : `${who.kind} ${who.id}`, route: `${method} ${url}`, key }
  return { id: hashOf(Object.values(request)), request, asks: hashOf([body ?? null, headers['if-match'] ?? null]), byOwner: who.kind === 'owner', log }
}

/** Whether somebody waits for an answer. */
function presence(askedAs: string, clock: Clock): { readonly asking: Asking; readonly wait: (left: AbortSignal) => void; readonly isAwaited: () => boolean } {
  const gone = new AbortController()
  let waiting = 0
  let back = Promise.withResolvers<void>()
  let coming = new AbortController()
  const leave = (): void => {
    waiting -= 1
    if (waiting > 0) return
    back = Promise.withResolvers()
    back.promise.catch(() => undefined) // Only of interest to who asks for it.
    coming = new AbortController()
    void clock.sleep(comeBackMs, coming.signal).then(
      () => {
        const reason = new Error('the client is gone')
        gone.abort(reason)
        back.reject(reason)
      },
      () => undefined, // Somebody came.
    )
  }
  return {
    asking: { askedAs, signal: gone.signal, present: () => (waiting > 0 ? Promise.resolve() : back.promise) },
    isAwaited: () => waiting > 0,
    wait(left) {
      waiting += 1
      coming.abort(new Error('somebody waits'))
      back.resolve()
      if (left.aborted) leave()
      else left.addEventListener('abort', leave, { once: true })
    },
  }
}

/** A failure that would be another one a moment later is no answer. */
function isFinal(problem: unknown): boolean {
  const read = problemSchema.safeParse(problem)
  return read.success && errorCodes[read.data.code].status < 500
}

/** Without their key, and for the owner also without a database, changes are made all the same. */
function unkept({ byOwner, log }: Keyed, error: unknown): undefined {
  const isLocked = isPlimsollError(error) && error.code === 'SECRETS_LOCKED'
  if (!isLocked && !byOwner) throw error
  log.error({ err: error }, 'this change cannot be told from a second one')
}

function anotherAsked({ request: { key, route } }: Keyed): PlimsollError {
  return new PlimsollError('KEY_REUSED', `Something else was asked under the Idempotency-Key ${key} before: ${route}`, { hint: 'Give each change a key of its own; only what is sent again, unchanged, has the same.' })
}

function hashOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
