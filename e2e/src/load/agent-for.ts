import { Agent, type AgentOptions } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { LoadTarget } from './load-target.ts'

/** Longer than any server of the load announces. An agent without a limit of its own does not heed what is announced, see Node's `_http_agent.js`. */
const longestIdleMs = 600_000

/**
 * Connections to the target, over TLS where its addresses say so. One that is kept is closed in the time that the server announces for it
 * (`Keep-Alive: timeout`), as browsers do: who sends on it in the moment in which the server closes it cannot know what became of that.
 */
export function agentFor({ web, ca }: LoadTarget, options: AgentOptions): Agent {
  const here = { timeout: longestIdleMs, ...options, lookup: thisMachine }
  return web.protocol === 'https:' ? new TlsAgent({ ...here, ...(ca !== undefined && { ca }) }) : new Agent(here)
}

/** Browsers know that every name under `localhost` is this machine; many resolvers do not. The load goes nowhere else. */
export const thisMachine: LookupFunction = (_name, { all }, tell) => {
  if (all === true) tell(null, [{ address: '127.0.0.1', family: 4 }])
  else tell(null, '127.0.0.1', 4)
}
