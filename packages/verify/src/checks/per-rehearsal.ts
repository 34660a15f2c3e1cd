import type { Rehearsal } from '../rehearsal/rehearsal.ts'

/**
 * `work`, done once for each rehearsal and shared by all who ask: the first one's signal is that of the work. What failed is tried again by
 * whoever asks next.
 */
export function perRehearsal<T>(work: (rehearsal: Rehearsal, signal: AbortSignal) => Promise<T>): (rehearsal: Rehearsal, signal: AbortSignal) => Promise<T> {
  const done = new WeakMap<Rehearsal, Promise<T>>()
  return (rehearsal, signal) => {
    const known = done.get(rehearsal)
    if (known !== undefined) return known
    const working = work(rehearsal, signal)
    done.set(rehearsal, working)
    working.catch(() => done.delete(rehearsal))
    return working
  }
}
