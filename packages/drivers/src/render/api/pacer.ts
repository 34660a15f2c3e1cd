import type { Allowance } from './allowance.ts'
import type { RateLimitNews } from './rate-limit-headers.ts'

/**
 * Keeps count of what Render allows, per allowance. The headers of answers decide; the documented limits hold only while there were none.
 * Knows nothing of other programs with the same key: what they use up is seen in the next answer.
 */
export interface Pacer {
  /** 0: the request may be sent, and is counted. Else how many ms to wait before asking again, and nothing is counted. */
  claim(allowance: Allowance): number
  /** What the answer to a claimed request says. To be called once a claim, with nothing where there was no answer. */
  heard(allowance: Allowance, news: RateLimitNews): void
}

interface Count {
  /** When those that are counted by the documented limit were sent. */
  sent: number[]
  /** Claimed, and not yet heard of: whether Render has counted them is not known. */
  underWay: number
  limit: number | undefined
  remaining: number | undefined
  /** When the window begins anew. */
  resetAt: number
}

export function createPacer(clock: { now(): number }): Pacer {
  const counts = new Map<string, Count>()
  const countOf = ({ name }: Allowance): Count => {
    const count = counts.get(name) ?? { sent: [], underWay: 0, limit: undefined, remaining: undefined, resetAt: 0 }
    counts.set(name, count)
    return count
  }
  return {
    claim(allowance) {
      const count = countOf(allowance)
      const waitMs = count.remaining === undefined ? windowWait(count, allowance, clock.now()) : headerWait(count, allowance, clock.now())
      if (waitMs > 0) return waitMs
      if (count.remaining === undefined) count.sent.push(clock.now())
      else count.remaining -= 1
      count.underWay += 1
      return 0
    },
    heard(allowance, { limit, remaining, resetMs, retryAfterMs }) {
      const count = countOf(allowance)
      count.underWay = Math.max(0, count.underWay - 1)
      if (retryAfterMs !== undefined) Object.assign(count, { remaining: 0, resetAt: clock.now() + retryAfterMs })
      else if (remaining !== undefined && resetMs !== undefined) Object.assign(count, { remaining: Math.max(0, remaining - count.underWay), resetAt: clock.now() + resetMs })
      if (limit !== undefined) count.limit = limit
      if (count.remaining !== undefined) count.sent = []
    },
  }
}

function headerWait(count: Count, allowance: Allowance, now: number): number {
  // A window that nobody has told us of yet is taken to be like the one before.
  if (now >= count.resetAt) Object.assign(count, { remaining: Math.max(1, (count.limit ?? allowance.limit) - count.underWay), resetAt: now + allowance.windowMs })
  return (count.remaining ?? 0) > 0 ? 0 : count.resetAt - now
}

function windowWait(count: Count, { limit, windowMs }: Allowance, now: number): number {
  count.sent = count.sent.filter((at) => at > now - windowMs)
  const oldest = count.sent[0]
  return count.sent.length < limit || oldest === undefined ? 0 : oldest + windowMs - now
}
