import type { UnitCounters } from '@plimsoll/engine'

/** Eight to a decade, from 1 ms to a minute: a percentile that is read from them is at most a third too high. */
const bucketsMs = Array.from({ length: 39 }, (_, i) => Math.round(10 ** (i / 8) * 100) / 100)

const keptPaths = 5
/** Longer ones are not worth keeping: whoever asks again wants a page, not a token. */
const longestPath = 200

/** The counts of one Unit since the edge started; they only grow. */
export class UnitCounts {
  requests = 0
  responses5xx = 0
  upstreamFailures = 0
  readonly #latency = Array.from({ length: bucketsMs.length + 1 }, () => 0)
  /** In the order in which they failed last. */
  readonly #failedPaths = new Set<string>()

  observe(ms: number): void {
    const index = ms <= 1 ? 0 : Math.min(Math.ceil(Math.log10(ms) * 8 - 0.001), bucketsMs.length)
    this.#latency[index] = (this.#latency[index] ?? 0) + 1
  }

  /** Notes where a GET got a 5xx. */
  failedAt(url: string): void {
    const path = url.split('?', 1)[0] ?? ''
    if (path.length > longestPath) return
    this.#failedPaths.delete(path)
    this.#failedPaths.add(path)
    const [oldest] = this.#failedPaths
    if (this.#failedPaths.size > keptPaths && oldest !== undefined) this.#failedPaths.delete(oldest)
  }

  read(inFlight: number): UnitCounters {
    const { requests, responses5xx, upstreamFailures } = this
    return { requests, responses5xx, upstreamFailures, inFlight, latency: { bucketsMs, counts: [...this.#latency] }, failedPaths: [...this.#failedPaths] }
  }
}
