/** Resident memory of a service after so many requests. */
export interface MemoryPoint {
  readonly requests: number
  readonly bytes: number
}

export interface MemoryGrowth {
  /** `gross` holds a release up. */
  readonly is: 'steady' | 'growing' | 'gross'
  readonly bytes: number
  readonly perRequest: number
}

const mebibyte = 1024 * 1024
/** A heap that warms up grows by so much without a leak: beyond what is live, and where nothing is. */
const usualBytes = { compared: 64 * mebibyte, alone: 256 * mebibyte }
const leakPerRequest = 1024
/** What a leak has more than what is live, whose heap warms up as well. */
const timesLive = 3

/**
 * Whether memory grows with requests, from the second point on: what the first ones load stays. Gross is only what grew in every round, by more than
 * heaps do, by more than a kilobyte a request, and by far more than what is live did under the same. Undefined for fewer than three points.
 */
export function memoryGrowth(candidate: readonly MemoryPoint[], live?: readonly MemoryPoint[]): MemoryGrowth | undefined {
  const own = slopeOf(candidate)
  if (own === undefined) return undefined
  const other = live === undefined ? undefined : slopeOf(live)
  const usual = Math.max(0, other?.perRequest ?? 0)
  const beyond = own.bytes - usual * (own.bytes / own.perRequest)
  const least = other === undefined ? usualBytes.alone : usualBytes.compared
  const isLeak = own.isSteady && own.perRequest > leakPerRequest && own.perRequest > timesLive * usual
  return { is: isLeak && beyond >= least ? 'gross' : isLeak && beyond >= least / 2 ? 'growing' : 'steady', bytes: own.bytes, perRequest: own.perRequest }
}

function slopeOf(points: readonly MemoryPoint[]): { readonly bytes: number; readonly perRequest: number; readonly isSteady: boolean } | undefined {
  const [, first, ...later] = points
  const last = later.at(-1)
  if (first === undefined || last === undefined || later.length === 0 || last.requests <= first.requests) return undefined
  const bytes = last.bytes - first.bytes
  return { bytes, perRequest: bytes / (last.requests - first.requests), isSteady: later.every((point, at) => point.bytes > (later[at - 1] ?? first).bytes) }
}
