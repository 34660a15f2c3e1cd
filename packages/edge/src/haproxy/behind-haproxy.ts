import type { IncomingMessage } from 'node:http'
import { isLocalName, originsBehind } from '../proxy/client-origin.ts'
import type { EdgeState } from '../proxy/edge-state.ts'
import type { Front } from '../proxy/front.ts'
import { hostNameOf } from '../proxy/refusal.ts'

export interface BehindHaproxy {
  readonly state: EdgeState
  readonly sharedPort: number | undefined
  readonly trustedFronts: readonly string[]
}

/** Which service and whose request it is, of one that HAProxy passes on: it says at which port it came, and from whom, behind whatever the client says. */
export function behindHaproxy({ state, sharedPort, trustedFronts }: BehindHaproxy): Pick<Front, 'routeOf' | 'originOf'> {
  const [alone, behindFronts] = [originsBehind(['unix']), originsBehind([...trustedFronts, 'unix'])]
  const isShared = (request: Pick<IncomingMessage, 'headers'>): boolean => portOf(request) === sharedPort
  const nameOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string => hostNameOf(headers.host) ?? ''
  return {
    routeOf: (request) => (isShared(request) ? state.table.hosts.get(nameOf(request)) : state.table.ports.get(portOf(request))),
    originOf: (request, peer) => (isShared(request) && !isLocalName(hostNameOf(request.headers.host) ?? '') ? behindFronts : alone)(request, peer),
  }
}

function portOf({ headers }: Pick<IncomingMessage, 'headers'>): number {
  return Number(headers['x-forwarded-port'])
}
