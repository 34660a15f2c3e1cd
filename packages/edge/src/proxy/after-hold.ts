import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Holds, longestPauseMs, type Maintenance } from '@plimsoll/model'
import { holdsOn, type Route } from '../table/table.ts'
import { answerItself, type OwnAnswer } from './answer.ts'
import type { EdgeState } from './edge-state.ts'
import { admissionOf } from './waiting-room.ts'

/** A request that nobody has looked at yet. */
export interface Arrival {
  readonly state: EdgeState
  readonly route: Route | undefined
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Goes on with the request at once, or when its app's pause has ended; answers it when it shall not go on. */
export function afterHold(arrival: Arrival, goOn: () => void): void {
  const holds = holdsOf(arrival)
  if (holds === undefined) goOn()
  else hold(arrival, { since: Date.now(), goOn })
}

interface Holding {
  readonly since: number
  readonly goOn: () => void
}

function hold(arrival: Arrival, holding: Holding): void {
  const { request, response, state, route } = arrival
  const holds = holdsOf(arrival)
  const admission = holds === undefined || route === undefined ? 'served' : admissionOf(holds, { since: holding.since, now: Date.now() })
  if (admission === 'served') return holding.goOn()
  if (admission === 'maintenance') return answerItself(request, response, underMaintenance(holds?.maintenance))
  const until = Math.min(Date.parse(holds?.pause?.until ?? ''), holding.since + longestPauseMs)
  const leave = admission === 'waits' && route !== undefined ? state.waiting.wait(route.app, until, () => hold(arrival, holding)) : undefined
  if (leave === undefined) return answerItself(request, response, busy)
  response.once('close', leave)
}

function holdsOf({ state, route }: Arrival): Holds | undefined {
  return route && holdsOn(state.table, route)
}

const busy: OwnAnswer = { status: 503, detail: 'This app is being changed. Please try again in a moment.', headers: { 'retry-after': '5' } }

function underMaintenance(maintenance: Maintenance | undefined): OwnAnswer {
  return {
    status: 503,
    title: 'We will be right back',
    detail: maintenance?.message ?? 'This site is under maintenance. Please come back in a few minutes.',
    headers: { 'retry-after': '60' },
    ...(maintenance?.page !== undefined && { page: maintenance.page }),
  }
}
