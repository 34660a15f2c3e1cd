import { contract, type Route } from '@plimsoll/model'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Attempts } from '../access/attempts.ts'
import { removeHook, setHook } from '../hooks/hook-settings.ts'
import type { HookKeeper } from '../hooks/keep-hooks.ts'
import { knowEvent, takeEvent, type KnownEvent, type SentEvent } from '../hooks/receive-event.ts'
import type { Services } from '../services.ts'
import { appIn } from './app-in.ts'
import { serve } from './serve.ts'

/** GitHub itself sends up to 25 MB; what is worth doing something about is far smaller. */
const largestEvent = 5 * 1024 * 1024

export interface HookServing {
  readonly services: Services
  readonly hooks: Pick<HookKeeper, 'nudge'>
  readonly attempts: Attempts
}

/** What is done when a repository changes. */
export function serveHooks(api: FastifyInstance, { services, hooks, attempts }: HookServing): void {
  serve(api, contract.showHook, async ({ params }) => (await services.store.hooks.find(appIn(params)))?.hook ?? null)
  serve(api, contract.setHook, ({ params, body }) => setHook(services, appIn(params), body))
  serve(api, contract.removeHook, ({ params }) => removeHook(services, appIn(params)).then(() => ({ ok: true as const })))
  serve(api, contract.listHookEvents, async ({ params, query }) => [...(await services.store.hooks.events(appIn(params), query.limit))])
  const route = contract.receiveHook as Route
  void api.register(async (scope) => {
    // What is signed are the bytes, and whoever has not signed is not read for anything else.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.route({
      method: route.method, url: route.path, bodyLimit: largestEvent, config: { asks: route },
      handler: async (request, reply) => {
        const event = await known(services, attempts, request)
        if (event.task !== undefined) await scope.trail.allowed({ request, route, details: { event: event.event, delivery: event.delivery, about: event.about } })
        return reply.code(202).send(await takeEvent(services, hooks, event))
      },
    })
  })
}

/** Whoever is wrong about the signature has as few tries as one who is wrong about a password. */
async function known(services: Services, attempts: Attempts, request: FastifyRequest): Promise<KnownEvent> {
  try {
    return await knowEvent(services, sentBy(request))
  } catch (error) {
    await attempts.note(request.ip)
    throw error
  }
}

function sentBy({ headers, body, params }: FastifyRequest): SentEvent {
  const header = (name: string): string | undefined => (typeof headers[name] === 'string' ? headers[name] : undefined)
  return {
    app: (params as Readonly<Record<string, string>>)['app'] ?? '', body: body instanceof Uint8Array ? body : new Uint8Array(),
    signature: header('x-hub-signature-256'), event: header('x-github-event'), delivery: header('x-github-delivery'),
  }
}
