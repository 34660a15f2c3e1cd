import { z } from 'zod'
import { channelChangeSchema, channelSchema, deliverySchema, madeChannelSchema, newChannelSchema, testAnswerSchema } from './channel.ts'
import { route } from './route.ts'

/** Who is told what happened: the part of the contract that is about channels. Where a channel leads is never in the audit log, for it can be a secret. */
export const notificationContract = {
  listChannels: route({ method: 'GET', path: '/v1/channels', summary: 'Everybody who is told what happens', needs: 'admin', reply: z.array(channelSchema) }),
  addChannel: route({ method: 'POST', path: '/v1/channels', summary: 'Tell somebody more what happens', needs: 'admin', body: newChannelSchema, reply: madeChannelSchema, noted: ({ name, app, topics, way }) => ({ name, for: app, topics, kind: way.kind }) }),
  changeChannel: route({ method: 'PUT', path: '/v1/channels/:channel', summary: 'Change whom, of what, or how; switch it off, or on again', needs: 'admin', body: channelChangeSchema, reply: madeChannelSchema, noted: ({ name, app, topics, on, way }) => ({ name, for: app, topics, on, kind: way?.kind }) }),
  removeChannel: route({ method: 'DELETE', path: '/v1/channels/:channel', summary: 'Tell somebody no more; what waits for them is forgotten', needs: 'admin', reply: z.object({ ok: z.literal(true) }) }),
  testChannel: route({ method: 'POST', path: '/v1/channels/:channel/test', summary: 'Send a test now, once, and say what the receiver answered', needs: 'admin', reply: testAnswerSchema }),
  listDeliveries: route({ method: 'GET', path: '/v1/deliveries', summary: 'The last messages and what became of them, newest first', needs: 'admin', query: z.object({ channel: z.string().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }), reply: z.array(deliverySchema) }),
} as const
