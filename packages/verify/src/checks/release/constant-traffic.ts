import { Agent, request } from 'node:http'
import type { ServiceName } from '@plimsoll/model'
import type { AppCopy } from '../../rehearsal/rehearsal.ts'
import type { ReadProbe } from '../read-probes.ts'

export interface Miss {
  readonly service: ServiceName
  readonly path: string
  /** Undefined when there was no whole answer. */
  readonly status: number | undefined
  readonly why: string
}

/** Requests that go on and on, as those of users do. */
export interface ConstantTraffic {
  /** Waits until so many more were answered, or have failed. */
  until(more: number): Promise<void>
  asked(): number
  /** Asks no more, waits for what is under way, and gives what failed. Twice is once. */
  end(): Promise<readonly Miss[]>
}

/** How many users there are; each asks as soon as it has been answered. */
const users = 3
const timeoutMs = 15_000

/** Asks `probes` in turn at the entries of `copy`, over connections that are kept. */
export function askConstantly(copy: AppCopy, probes: readonly ReadProbe[], signal: AbortSignal): ConstantTraffic {
  const agent = new Agent({ keepAlive: true, maxSockets: users })
  const misses: Miss[] = []
  const waiting = new Set<() => void>()
  let [isOver, next, answered] = [false, 0, 0]
  const ask = async (): Promise<void> => {
    while (!isOver && !signal.aborted) {
      const probe = probes[next++ % probes.length]
      if (probe === undefined) return
      const url = `${copy.url(probe.service) ?? ''}${probe.path}`
      const outcome = await once({ url, agent }, signal)
      answered += 1
      if (outcome.status === undefined || outcome.status >= 500) misses.push({ ...probe, ...outcome })
      for (const look of waiting) look()
    }
  }
  const all = Promise.all(Array.from({ length: users }, ask)).finally(() => agent.destroy())
  return {
    asked: () => answered,
    until: (more) => new Promise((resolve, reject) => {
      const goal = answered + more
      const look = (): void => {
        if (answered < goal) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    }),
    async end() {
      isOver = true
      await all
      return misses
    },
  }
}

/** Reads the whole answer: one that breaks off in the middle is none. */
function once({ url, agent }: { readonly url: string; readonly agent: Agent }, signal: AbortSignal): Promise<Pick<Miss, 'status' | 'why'>> {
  return new Promise((resolve) => {
    const lost = (error: Error): void => resolve({ status: undefined, why: error.message })
    const asked = request(url, { agent, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) }, (response) => {
      const answered = (): void => resolve({ status: response.statusCode, why: '' })
      response.on('error', lost).on('end', answered).resume()
      // It never ends, so that its beginning is all that can be waited for.
      if (response.headers['content-type']?.startsWith('text/event-stream') !== true) return
      answered()
      response.destroy()
    })
    asked.on('error', lost).end()
  })
}
