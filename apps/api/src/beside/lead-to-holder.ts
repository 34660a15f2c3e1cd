import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { accessContract, contract, PlimsollError, type Route } from '@plimsoll/model'
import type { FastifyInstance } from 'fastify'
import { announced } from '../endpoint.ts'
import { isChange } from '../http/audit-trail.ts'
import type { Answering } from './front-door.ts'

export interface Leading {
  readonly home: string
  /** The API of this process that answers what only the holder may, once it holds the home. */
  readonly own: () => Answering | undefined
  /** What kept this process from holding it, if it has tried in vain. */
  readonly whyNot: () => unknown
}

/** How long a change may wait for a holder: longer than one takes to follow another. */
const patienceMs = 20_000
const lookMs = 50
/** On what was led here by another unit: it goes nowhere else. */
const led = 'x-plimsoll-led'

const people: ReadonlySet<unknown> = new Set(Object.values(accessContract))

/** What only the holder may answer: it changes more than rows of the database, or tells what runs there. */
function isForHolder(route: Route): boolean {
  return (isChange(route) && !people.has(route)) || route === (contract.watchRelease as unknown)
}

/**
 * Leads to the holder of the home whatever only the holder may answer, after whoever asks was let in: into this process once that holds it, else to where
 * the holder is. A change waits for one while none is there, and is answered with `API_UNREACHABLE` in the end; a question is then answered here.
 */
export function leadToHolder(api: FastifyInstance, { home, own, whyNot }: Leading): void {
  api.addHook('onRequest', async (request, reply) => {
    const route = request.routeOptions.config.asks
    if (route === undefined || !isForHolder(route)) return
    const holder = await findHolder({ home, own, whyNot, wait: isChange(route), isLed: request.headers[led] !== undefined, left: () => reply.raw.destroyed })
    if (holder === undefined) return
    reply.hijack()
    if (typeof holder === 'string') passOn(request.raw, reply.raw, { to: holder, from: request.ip })
    else holder.routing(request.raw, reply.raw)
  })
}

interface Finding extends Leading {
  readonly wait: boolean
  readonly isLed: boolean
  /** Whether whoever asked is gone. */
  readonly left: () => boolean
}

/** This process's own API, the address of another one, or undefined for a question that waits for nobody. */
async function findHolder({ home, own, whyNot, wait, isLed, left }: Finding): Promise<Answering | string | undefined> {
  for (const until = performance.now() + patienceMs; performance.now() < until && !left(); await new Promise((go) => setTimeout(go, lookMs))) {
    const mine = own()
    if (mine !== undefined) return mine
    const there = isLed ? undefined : await holderIn(home)
    if (there !== undefined) return there
    if (!wait) return undefined
  }
  const cause = whyNot()
  throw new PlimsollError('API_UNREACHABLE', `No API of this Plimsoll holds its home, so nothing can be changed${cause instanceof Error ? `: ${cause.message}` : ''}`, {
    hint: cause instanceof Error ? 'It is tried again all the time; its log says more.' : 'One is about to. Ask again in a few seconds.', details: { retryAfterS: 5 },
  })
}

/** Where the holder answers, if it is another process and takes connections. */
async function holderIn(home: string): Promise<string | undefined> {
  const there = await announced(home)
  if (there === undefined || there.pid === process.pid) return undefined
  return (await fetch(new URL(contract.health.path, there.url), { signal: AbortSignal.timeout(2_000) }).then(({ ok }) => ok, () => false)) ? there.url : undefined
}

/** Sends on what was asked as it comes, and what is answered as it comes back. Nothing is sent twice. */
function passOn(request: IncomingMessage, response: ServerResponse, { to, from }: { readonly to: string; readonly from: string }): void {
  const { connection: _, ...headers } = request.headers
  const out = ask(new URL(request.url ?? '/', to), { method: request.method, headers: { ...headers, host: new URL(to).host, 'x-forwarded-for': from, [led]: 'yes' }, agent: false })
  out.once('response', (answer) => {
    const { connection: __, 'keep-alive': ___, ...answered } = answer.headers
    response.writeHead(answer.statusCode ?? 502, answered)
    // A stream's first words may be long in coming; that it was begun is told at once.
    response.flushHeaders()
    answer.once('error', () => response.destroy())
    answer.pipe(response)
  })
  out.once('error', () => {
    // What became of it is not known: whoever asked sees a connection that breaks, as it did.
    if (!response.writableFinished) response.destroy()
  })
  response.once('close', () => void (response.writableFinished || out.destroy()))
  request.pipe(out)
}
