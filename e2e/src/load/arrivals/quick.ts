import { patienceMs, type Arrival, type ArrivalContext } from '../arrival.ts'
import { exchange } from '../exchange.ts'

/** A quick GET on a connection of its own. */
export const fresh: Arrival = (context) => quick(context, 'fresh')

/** A quick GET on a connection that has served before, as soon as there is one. */
export const kept: Arrival = (context) => quick(context, 'kept')

async function quick(context: ArrivalContext, agent: 'fresh' | 'kept'): ReturnType<Arrival> {
  const { quick: requests } = context.target
  const chosen = requests[context.id % requests.length]
  if (chosen === undefined) return { hops: [] }
  const url = new URL(chosen.path, context.target[chosen.at])
  const { hop, failure } = await exchange({ what: `GET ${chosen.path}`, url, headers: context.target.headers?.[chosen.at] ?? {}, agent: context[agent], timeoutMs: patienceMs })
  return { hops: [hop], failure }
}
