/** Every kind of arrival. */
export const arrivalKinds = ['fresh', 'kept', 'slow', 'upload', 'download', 'events', 'socket', 'write', 'page', 'action'] as const
export type ArrivalKind = (typeof arrivalKinds)[number]

/** How often each kind arrives, relative to the others; zero leaves it out. */
export type Mix = Readonly<Record<ArrivalKind, number>>

/**
 * The mix that every claim of "nothing lost" rests on. Quick requests are the bulk,
 * as they are in life; of everything that can be in flight across a switch there is enough
 * that, at 100 arrivals a second, several of each are.
 */
export const standardMix: Mix = { fresh: 24, kept: 40, slow: 4, upload: 3, download: 3, events: 2, socket: 2, write: 11, page: 7, action: 4 }

/** Picks a kind; `at` is in [0, 1). */
export function pickKind(mix: Mix, at: number): ArrivalKind {
  const total = arrivalKinds.reduce((sum, kind) => sum + mix[kind], 0)
  let left = at * total
  for (const kind of arrivalKinds) {
    left -= mix[kind]
    if (left < 0) return kind
  }
  return arrivalKinds.findLast((kind) => mix[kind] > 0) ?? 'fresh'
}
