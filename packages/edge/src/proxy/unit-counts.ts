import type { UnitCounters } from '@plimsoll/engine'

const bucketsMs = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000] as const

/** The counts of one Unit since the edge started; they only grow. */
export class UnitCounts {
  requests = 0
  responses5xx = 0
  upstreamFailures = 0
  readonly #latency = Array.from({ length: bucketsMs.length + 1 }, () => 0)

  observe(ms: number): void {
    const found = bucketsMs.findIndex((bound) => ms <= bound)
    const index = found === -1 ? bucketsMs.length : found
    this.#latency[index] = (this.#latency[index] ?? 0) + 1
  }

  read(inFlight: number): UnitCounters {
    const { requests, responses5xx, upstreamFailures } = this
    return { requests, responses5xx, upstreamFailures, inFlight, latency: { bucketsMs: [...bucketsMs], counts: [...this.#latency] } }
  }
}
