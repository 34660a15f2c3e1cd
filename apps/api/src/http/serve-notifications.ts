import { contract } from '@plimsoll/model'
import type { FastifyInstance } from 'fastify'
import { addChannel, changeChannel, removeChannel, testChannel } from '../notify/channels.ts'
import type { Services } from '../services.ts'
import { serve } from './serve.ts'

/** Who is told what happened. */
export function serveNotifications(api: FastifyInstance, services: Services): void {
  serve(api, contract.listChannels, async () => [...(await services.store.channels.list())])
  serve(api, contract.addChannel, ({ body }) => addChannel(services, body))
  serve(api, contract.changeChannel, ({ params, body }) => changeChannel(services, params['channel'] ?? '', body))
  serve(api, contract.removeChannel, ({ params }) => removeChannel(services, params['channel'] ?? '').then(() => ({ ok: true as const })))
  serve(api, contract.testChannel, ({ params, signal }) => testChannel(services, params['channel'] ?? '', signal))
  serve(api, contract.listDeliveries, async ({ query: { channel, limit } }) => [...(await services.store.outbox.list({ channel, limit }))])
}
