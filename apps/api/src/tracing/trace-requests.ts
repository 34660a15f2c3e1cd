import { contract } from '@plimsoll/model'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '@plimsoll/engine'
import { traceparentOf, type Tracing } from './tracing.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Where this request stands in a trace, for what it sets going; undefined where nothing is traced. */
    traceparent: string | undefined
  }
}

/** Asked again and again by machines that want to know whether Plimsoll is there: they would hide all else. */
const unseen: ReadonlySet<unknown> = new Set([contract.health, contract.ready, contract.metrics])

/** A span for each request from its first byte to the last of its answer, below the one that its `traceparent` names. */
export function traceRequests(api: FastifyInstance, { tracing, clock }: { readonly tracing: Tracing | undefined; readonly clock: Pick<Clock, 'now'> }): void {
  api.decorateRequest('traceparent', undefined)
  if (tracing === undefined) return
  api.addHook('onRequest', async (request, reply) => {
    if (unseen.has(request.routeOptions.config.asks)) return
    const from = request.headers['traceparent']
    const at = tracing.begin(typeof from === 'string' ? from : undefined)
    request.traceparent = traceparentOf(at)
    const startMs = clock.now()
    // `close` comes for an answer that was cut off too, which `onResponse` never hears of.
    reply.raw.once('close', () => tracing.record([{ at, ...spanOf(request, reply), startMs, endMs: clock.now() }]))
  })
}

function spanOf(request: FastifyRequest, reply: FastifyReply): { readonly name: string; readonly kind: 'server'; readonly attributes: Record<string, string | number>; readonly failed?: string } {
  const { method, routeOptions, raw, ip, id, headers } = request
  const status = reply.raw.statusCode
  const route = routeOptions.url
  const { pathname } = new URL(raw.url ?? '/', 'http://localhost')
  return {
    name: route === undefined ? method : `${method} ${route}`, kind: 'server',
    attributes: {
      'http.request.method': method, 'http.response.status_code': status, 'url.path': pathname, 'url.scheme': request.protocol, 'client.address': ip, 'server.address': request.hostname,
      'network.protocol.version': raw.httpVersion, 'plimsoll.request': id,
      ...(route !== undefined && { 'http.route': route }),
      ...(headers['user-agent'] !== undefined && { 'user_agent.original': headers['user-agent'] }),
      ...(status >= 500 && { 'error.type': String(status) }),
    },
    ...(status >= 500 && { failed: `status ${status}` }),
  }
}
