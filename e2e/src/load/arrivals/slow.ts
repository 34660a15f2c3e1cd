import { lasting, patienceMs, type Arrival } from '../arrival.ts'
import { exchange } from '../exchange.ts'

/** A request that takes two to five seconds, and so is in flight across the switches that come meanwhile. */
export const slow: Arrival = async (context) => {
  const { target, kept } = context
  const seconds = lasting(context, 2000, 5000) / 1000
  const url = new URL(`/v1/reports/sales?seconds=${seconds}`, target.api)
  const { hop, failure } = await exchange({ what: 'GET /v1/reports/sales', url, agent: kept, timeoutMs: seconds * 1000 + patienceMs })
  return { hops: [hop], failure }
}
