import { request, type ClientRequest } from 'node:http'
import type { Address } from '@plimsoll/model'
import { curlOf, exchange, type Ask, type Reply } from '../../exchange.ts'
import { findOperations } from '../../openapi/find-operations.ts'
import type { CopyUnit, Wire } from '../../rehearsal/rehearsal.ts'
import { waitUntil } from '../../wait-until.ts'

/** Requests that a service has accepted and has not answered, for as long as we like. */
export interface HeldRequests {
  readonly count: number
  /** How many of them are without an answer. */
  open(): number
  /** Lets all be answered, and tells what became of each. */
  finish(): Promise<readonly HeldEnd[]>
}

export interface HeldEnd {
  readonly reproduce: string
  readonly reply: Reply
}

export interface Holding {
  readonly unit: CopyUnit
  readonly address: Address
  /** Paths that answer well. */
  readonly reads: readonly string[]
  readonly wires: readonly Wire[]
}

const mostHeld = 12
/** What is not answered by then is held. */
const settleMs = 400
const answerMs = 20_000

/**
 * Few services have a slow route, so requests are made slow: what the service itself asks while it answers gets no answer (its database stands
 * still, say), and bodies that it has to read are not sent to their end.
 */
export async function holdRequests({ unit, address, reads, wires }: Holding, signal: AbortSignal): Promise<HeldRequests> {
  const posts = (await findOperations(address, signal) ?? []).filter(({ method, path, body }) => method === 'POST' && body !== undefined && !path.includes('{'))
  const own = wires.filter(({ from }) => from === unit.spec.service)
  for (const wire of own) wire.hold()
  const asks = reads.slice(0, mostHeld).map((path): Ask => ({ address, path, timeoutMs: answerMs }))
  const bodies = (posts.length > 0 ? posts.map(({ path }) => path) : reads).slice(0, 3).map((path) => unfinished({ address, path }, signal))
  const all = [...asks.map((ask) => ({ reproduce: curlOf(ask), reply: exchange(ask, signal) })), ...bodies]
  const answered = new Set<Promise<Reply>>()
  // Only the signal rejects, and then whoever waits for it throws that.
  for (const { reply } of all) reply.then(() => answered.add(reply), () => undefined)
  const isDone = async (): Promise<true | undefined> => (answered.size === all.length ? true : undefined)
  await waitUntil(isDone, settleMs, signal)
  const held = all.filter(({ reply }) => !answered.has(reply))
  return {
    count: held.length,
    open: () => held.filter(({ reply }) => !answered.has(reply)).length,
    async finish() {
      for (const wire of own) wire.mend()
      for (const { end } of bodies) end()
      return Promise.all(held.map(async ({ reproduce, reply }) => ({ reproduce, reply: await reply })))
    },
  }
}

const wholeBody = JSON.stringify({ plimsoll: 'a body that comes slowly' })

/** A request of which the server has all but the end of its body. */
function unfinished({ address, path }: Pick<Ask, 'address' | 'path'>, signal: AbortSignal): { readonly reproduce: string; readonly reply: Promise<Reply>; readonly end: () => void } {
  const headers = { 'content-type': 'application/json', 'content-length': String(wholeBody.length), 'user-agent': 'plimsoll' }
  const began = performance.now()
  const ms = (): number => Math.round(performance.now() - began)
  const asked: ClientRequest = request({ host: address.host, port: address.port, path, method: 'POST', headers, agent: false, signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]) })
  const reply = new Promise<Reply>((resolve) => {
    asked.on('response', (response) => {
      response.resume().on('end', () => resolve({ is: 'answer', status: response.statusCode ?? 0, headers: response.headers, body: '', ms: ms() })).on('error', () => resolve({ is: 'none', reason: 'reset', ms: ms() }))
    })
    asked.on('error', () => resolve({ is: 'none', reason: 'reset', ms: ms() }))
  })
  asked.write(wholeBody.slice(0, 1))
  return { reply, reproduce: curlOf({ address, path, method: 'POST', headers: { 'content-type': 'application/json' }, body: wholeBody }), end: () => void asked.end(wholeBody.slice(1)) }
}
