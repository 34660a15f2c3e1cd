import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { type AppName, appNameSchema, PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import type { Edge } from '@plimsoll/engine'
import type { AssetStore } from '../assets/asset-store.ts'
import { drainBodySchema, quiesceBodySchema, roomSchema } from '../control/control-protocol.ts'
import { bodyOf, bytesOf, send, sendProblem, understood } from '../control/json-exchange.ts'
import { type FleetKeys, isPeer, pinned } from '../fleet/fleet-keys.ts'
import { commitBodySchema, machinesBodySchema, publishedSchema, stageBodySchema, type Word } from './member-protocol.ts'
import type { Machine } from '../proxy/machines.ts'
import type { MemberTable } from './member-table.ts'

export interface Steered {
  readonly keys: FleetKeys
  readonly edge: Edge
  readonly table: MemberTable
  readonly assets: AssetStore
  readonly word: () => Word
  /** The table is the current one, as somebody said who knew of this waking. */
  readonly confirm: (waking: string | undefined) => void
  readonly machines: (machines: readonly Machine[]) => void
  readonly log: (line: string) => void
}

interface Asked {
  readonly steered: Steered
  readonly request: IncomingMessage
  readonly query: URLSearchParams
  /** Fires when the asker goes away. */
  readonly signal: AbortSignal
}

/** Of one published file. */
const maxFileBytes = 512 * 1024 * 1024

const verbs: Readonly<Record<string, (asked: Asked) => Promise<unknown>>> = {
  'GET /word': async ({ steered, query }) => {
    const word = steered.word()
    if (query.get('digest') === word.digest) steered.confirm(query.get('waking') ?? undefined)
    return word
  },
  'GET /table': async ({ steered }) => steered.table.read(),
  'POST /stage': async ({ steered, request }) => {
    const { table, mustOpen } = await bodyOf(request, stageBodySchema)
    return { digest: await steered.table.stage(table, mustOpen) }
  },
  'POST /commit': async ({ steered, request }) => {
    const { digest, waking } = await bodyOf(request, commitBodySchema)
    await steered.table.commit(digest)
    steered.confirm(waking)
  },
  'POST /drop': async ({ steered, request }) => steered.table.drop((await bodyOf(request, commitBodySchema)).digest),
  'PUT /machines': async ({ steered, request }) => steered.machines((await bodyOf(request, machinesBodySchema)).machines),
  'POST /drain': async (asked) => asked.steered.edge.drain({ app: appOf(asked), ...(await bodyOf(asked.request, drainBodySchema)) }, asked.signal),
  'POST /quiesce': async (asked) => asked.steered.edge.quiesce({ app: appOf(asked), ...(await bodyOf(asked.request, quiesceBodySchema)) }, asked.signal),
  'GET /counters': async (asked) => asked.steered.edge.counters(appOf(asked), asked.signal),
  'POST /tidy': async ({ steered, request, signal }) => steered.edge.tidy(await bodyOf(request, roomSchema), signal),
  'GET /published': async ({ steered }) => ({ published: steered.assets.published().map(({ name }) => name) }),
  'PUT /published': async ({ steered, request }) => {
    const { app, manifest } = await bodyOf(request, publishedSchema)
    return { lacking: await steered.assets.take(app, manifest) }
  },
  'PUT /file': async (asked) => {
    const { steered, request, query } = asked
    const sha256 = understood(query.get('sha256'), z.string())
    await steered.assets.keepFile({ app: appOf(asked), service: query.get('service') ?? '', sha256 }, await bytesOf(request, maxFileBytes))
  },
}

/**
 * The HTTPS server by which a controller on another machine steers this edge. Whoever has the pinned key may do what stands above, which is
 * less than at the control socket: nobody starts or ends a program from afar.
 */
export async function listenForController(steered: Steered, at: { readonly host: string; readonly port: number }): Promise<Server> {
  const { keys, log } = steered
  const server = createServer({ ...pinned(keys), requestCert: true, rejectUnauthorized: true }, (request, response) => {
    const gone = new AbortController()
    response.once('close', () => gone.abort(new PlimsollError('INTERRUPTED', 'The asker went away.')))
    answer(steered, request, gone.signal).then((value) => send(response, 200, value ?? {}), (error: unknown) => sendProblem(response, error, log))
  })
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.setKeepAlive(true, 5_000)
    if (!isPeer(socket.getPeerX509Certificate()?.raw, keys)) socket.destroy()
  })
  // Strangers come by on every port; the log is for what concerns the edge.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  server.listen({ ...at, exclusive: true })
  await once(server, 'listening')
  return server
}

async function answer(steered: Steered, request: IncomingMessage, signal: AbortSignal): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'https://edge')
  const verb = verbs[`${request.method} ${url.pathname}`]
  if (verb === undefined) throw new PlimsollError('NOT_FOUND', `The edge does not know ${request.method} ${url.pathname}.`)
  return await verb({ steered, request, query: url.searchParams, signal })
}

function appOf({ query }: Asked): AppName {
  return understood(query.get('app'), appNameSchema)
}
