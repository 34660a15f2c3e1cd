import { Agent, type AgentOptions } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { LoadTarget } from './load-target.ts'

/** Connections to the target, over TLS where its addresses say so. */
export function agentFor({ web, ca }: LoadTarget, options: AgentOptions): Agent {
  const here = { ...options, lookup: thisMachine }
  return web.protocol === 'https:' ? new TlsAgent({ ...here, ...(ca !== undefined && { ca }) }) : new Agent(here)
}

/** Browsers know that every name under `localhost` is this machine; many resolvers do not. The load goes nowhere else. */
export const thisMachine: LookupFunction = (_name, { all }, tell) => {
  if (all === true) tell(null, [{ address: '127.0.0.1', family: 4 }])
  else tell(null, '127.0.0.1', 4)
}
