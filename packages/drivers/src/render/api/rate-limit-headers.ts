/** What an answer says of the requests that are left. Absent is what it does not say, or says in no way that is known. */
export interface RateLimitNews {
  /** How many of this class are allowed in one window. */
  readonly limit?: number
  readonly remaining?: number
  /** Until the window begins anew. */
  readonly resetMs?: number
  /** Until this class may be asked again, where the answer is a refusal. */
  readonly retryAfterMs?: number
}

/** No window is as long as the time since 1970: whatever is larger than three years is a moment, and not a number of seconds. */
const longestWindowS = 100_000_000

/**
 * Render's documentation calls `Ratelimit-Reset` a moment (seconds since 1970), and its recorded answers hold the seconds that remain: both are
 * understood. A moment is taken by the clock of the answer's own `Date`, so that a machine whose clock is wrong waits as long as it should.
 */
export function readRateLimit(headers: Headers, nowMs: number): RateLimitNews {
  const serverMs = moment(headers.get('date')) ?? nowMs
  const limit = whole(headers.get('ratelimit-limit'))
  const remaining = whole(headers.get('ratelimit-remaining'))
  const reset = whole(headers.get('ratelimit-reset'))
  const resetMs = reset === undefined ? undefined : reset > longestWindowS ? Math.max(0, reset * 1000 - serverMs) : reset * 1000
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), serverMs)
  return {
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(resetMs !== undefined && { resetMs }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}

/** Seconds, or a date of HTTP (RFC 9110, 10.2.3). */
function readRetryAfter(text: string | null, serverMs: number): number | undefined {
  const seconds = whole(text)
  if (seconds !== undefined) return seconds * 1000
  const at = moment(text)
  return at === undefined ? undefined : Math.max(0, at - serverMs)
}

function whole(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text.trim()) ? Number(text) : undefined
}

function moment(text: string | null): number | undefined {
  const at = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}
