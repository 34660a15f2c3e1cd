import { lasting, patienceMs, type Arrival } from '../arrival.ts'
import { exchange } from '../exchange.ts'

/** A streamed answer of one to three seconds, whole only with its last line and as many rows as that says. */
export const download: Arrival = async (context) => {
  const { target, kept } = context
  const seconds = lasting(context, 1000, 3000) / 1000
  const url = new URL(`/v1/reports/sales.csv?seconds=${seconds}`, target.api)
  const what = 'GET /v1/reports/sales.csv'
  const { hop, body, failure } = await exchange({ what, url, agent: kept, timeoutMs: seconds * 1000 + patienceMs })
  if (failure !== undefined) return { hops: [hop], failure }
  const lines = body.trimEnd().split('\n')
  const promised = /^# end (\d+)$/.exec(lines.at(-1) ?? '')?.[1]
  if (promised === undefined) return { hops: [hop], failure: { is: 'cut', detail: `${what} ended without its last line, after ${lines.length} lines` } }
  if (lines.length - 2 === Number(promised)) return { hops: [hop] }
  return { hops: [hop], failure: { is: 'garbled', detail: `${what} promised ${promised} rows and had ${lines.length - 2}` } }
}
