/** How many requests of a class one window takes. */
export interface RateLimits {
  readonly reads: number
  readonly newServices: number
  readonly changes: number
  readonly jobs: number
  readonly otherWrites: number
}

/** Documented, but for other writes, of which recorded answers allow more. */
export const usualLimits: RateLimits = { reads: 400, newServices: 20, changes: 10, jobs: 2000, otherWrites: 100 }

/** How `Ratelimit-Reset` is written: Render's documentation says a moment, its answers seconds. */
export type ResetForm = 'seconds' | 'moment'

export interface RateMeter {
  /** Counts a request, unless its window is full. */
  count(method: string, path: string): { readonly allowed: boolean; readonly headers: Record<string, string> }
}

export function createRateMeter(clock: { now(): number }, { limits, form }: { readonly limits: RateLimits; readonly form: ResetForm }): RateMeter {
  const windows = new Map<string, { began: number; used: number }>()
  return {
    count(method, path) {
      const { name, limit, windowMs } = classOf(limits, method, path)
      const now = clock.now()
      const known = windows.get(name)
      const window = known === undefined || now >= known.began + windowMs ? { began: now, used: 0 } : known
      windows.set(name, window)
      const allowed = window.used < limit
      if (allowed) window.used += 1
      const endsAt = window.began + windowMs
      const reset = form === 'seconds' ? Math.ceil((endsAt - now) / 1000) : Math.ceil(endsAt / 1000)
      return { allowed, headers: { 'ratelimit-limit': String(limit), 'ratelimit-remaining': String(limit - window.used), 'ratelimit-reset': String(reset) } }
    },
  }
}

function classOf(limits: RateLimits, method: string, path: string): { readonly name: string; readonly limit: number; readonly windowMs: number } {
  const [, collection, id, verb = ''] = path.split('/')
  if (method === 'GET') return { name: 'reads', limit: limits.reads, windowMs: 60_000 }
  if (method === 'POST' && path === '/services') return { name: 'new services', limit: limits.newServices, windowMs: 3_600_000 }
  if (method === 'POST' && verb === 'jobs') return { name: 'jobs', limit: limits.jobs, windowMs: 3_600_000 }
  const isChange = collection === 'services' && ((method === 'PATCH' && verb === '') || (method === 'POST' && ['deploys', 'suspend', 'resume'].includes(verb) && path.split('/').length === 4))
  return isChange ? { name: `changes of ${id}`, limit: limits.changes, windowMs: 60_000 } : { name: 'other writes', limit: limits.otherWrites, windowMs: 60_000 }
}
