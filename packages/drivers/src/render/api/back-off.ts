const firstMs = 500
const longestMs = 20_000

/** How long to wait before try `tries + 1`: anything up to a bound that doubles, so that many who failed together do not come back together. */
export function backOffMs(tries: number, random: () => number): number {
  return random() * Math.min(longestMs, firstMs * 2 ** tries)
}

/** A wait that is known, and up to a tenth more (a second at most): never less. */
export function withJitterMs(ms: number, random: () => number): number {
  return ms + random() * Math.min(1000, ms / 10)
}
