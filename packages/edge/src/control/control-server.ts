import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AppName, appNameSchema, PlimsollError, trafficSchema } from '@plimsoll/model'
import { z } from 'zod'
import type { Edge } from '@plimsoll/engine'
import { countersBodySchema, drainBodySchema, type EdgeHealth, maintainBodySchema, pauseBodySchema, publishBodySchema, quiesceBodySchema, type ReplaceBody, replaceBodySchema, roomSchema } from './control-protocol.ts'
import { bodyOf, send, sendProblem, understood } from './json-exchange.ts'

export interface Controlled {
  readonly edge: Edge
  readonly health: () => EdgeHealth
  /** Begins to stop; the process ends when what is in flight has ended. */
  readonly stop: () => void
  /** Hands over to another program, and returns its process when that serves. */
  readonly replace: (successor: ReplaceBody) => Promise<number>
  readonly log: (line: string) => void
}

interface Asked {
  readonly controlled: Controlled
  readonly request: IncomingMessage
  readonly app: AppName
  readonly query: URLSearchParams
  /** Fires when the asker goes away. */
  readonly signal: AbortSignal
}

/** `GET /apps/storefront/traffic` → the answer's body; undefined for none. */
const verbs: Readonly<Record<string, (asked: Asked) => Promise<unknown>>> = {
  'GET traffic': async ({ controlled, app, signal }) => ({ traffic: await controlled.edge.live(app, signal) }),
  'PUT traffic': async (asked) => {
    const traffic = await bodyOf(asked.request, trafficSchema)
    if (traffic.app !== asked.app) throw new PlimsollError('USAGE', `The traffic of ${traffic.app} was sent to the path of ${asked.app}.`)
    await asked.controlled.edge.shift(traffic, asked.signal)
  },
  'DELETE traffic': async ({ controlled, app, query, signal }) => controlled.edge.remove(app, understood(query.get('fence'), z.coerce.number().int().nonnegative()), signal),
  'POST drain': async ({ controlled, request, app, signal }) => controlled.edge.drain({ app, ...(await bodyOf(request, drainBodySchema)) }, signal),
  'GET holds': async ({ controlled, app, signal }) => controlled.edge.holds(app, signal),
  'PUT pause': async ({ controlled, request, app, signal }) => controlled.edge.pause({ app, ...(await bodyOf(request, pauseBodySchema)) }, signal),
  'PUT maintenance': async ({ controlled, request, app, signal }) => controlled.edge.maintain({ app, ...(await bodyOf(request, maintainBodySchema)) }, signal),
  'POST quiesce': async ({ controlled, request, app, signal }) => controlled.edge.quiesce({ app, ...(await bodyOf(request, quiesceBodySchema)) }, signal),
  // For a Plimsoll of an earlier version beside this edge; the newer ask for those of many apps at once.
  'GET counters': async ({ controlled, app, signal }) => controlled.edge.counters(app, signal),
  'POST assets': async ({ controlled, request, app, signal }) => controlled.edge.publish({ app, ...(await bodyOf(request, publishBodySchema)) }, signal),
}

/** The HTTP server behind the control socket. Whoever may open the socket may do everything: its mode is the lock. */
export function createControlServer(controlled: Controlled): Server {
  return createServer((request, response) => {
    answer(controlled, request, response).catch((error: unknown) => sendProblem(response, error, controlled.log))
  })
}

async function answer(controlled: Controlled, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://edge')
  if (url.pathname === '/health') return send(response, 200, controlled.health())
  if (url.pathname === '/stop' && request.method === 'POST') return stop(controlled, response)
  const gone = new AbortController()
  response.once('close', () => gone.abort(new PlimsollError('INTERRUPTED', 'The asker went away.')))
  if (url.pathname === '/tidy' && request.method === 'POST') {
    await controlled.edge.tidy(await bodyOf(request, roomSchema), gone.signal)
    return send(response, 200, {})
  }
  if (url.pathname === '/replace' && request.method === 'POST') return send(response, 200, { pid: await controlled.replace(await bodyOf(request, replaceBodySchema)) })
  if (url.pathname === '/apps' && request.method === 'GET') {
    return send(response, 200, { standings: [...(await controlled.edge.standings(gone.signal))].map(([app, standing]) => ({ app, ...standing })) })
  }
  if (url.pathname === '/counters' && request.method === 'POST') {
    const { apps } = await bodyOf(request, countersBodySchema)
    return send(response, 200, { counters: await Promise.all(apps.map(async (app) => ({ app, counters: await controlled.edge.counters(app, gone.signal) }))) })
  }
  const [, apps, name, what] = url.pathname.split('/')
  const verb = apps === 'apps' && what !== undefined ? verbs[`${request.method} ${what}`] : undefined
  const app = appNameSchema.safeParse(name)
  if (verb === undefined || !app.success) throw new PlimsollError('NOT_FOUND', `The edge does not know ${request.method} ${url.pathname}.`)
  const result = await verb({ controlled, request, app: app.data, query: url.searchParams, signal: gone.signal })
  send(response, 200, result ?? {})
}

/** Answers at once and ends the answer only with the process, so that its end is the proof that the edge is gone. */
function stop(controlled: Controlled, response: ServerResponse): void {
  response.writeHead(202, { 'content-type': 'application/json' })
  response.write('{}\n')
  controlled.stop()
}
