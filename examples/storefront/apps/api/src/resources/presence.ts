import type { PresenceMessage } from '@storefront/contract'
import type { FastifyPluginAsync } from 'fastify'
import type { WebSocket } from 'ws'
import type { ResourceOptions } from '../build-api.ts'
import { PresenceRooms } from './presence-rooms.ts'

const PING_MS = 25_000

export const presence: FastifyPluginAsync<ResourceOptions> = async (app, { deps }) => {
  const rooms = new PresenceRooms()

  app.get<{ Querystring: { product?: string } }>(
    '/presence',
    { websocket: true, schema: { hide: true } },
    (socket, request) => {
      const room = request.query.product?.slice(0, 64) ?? ''
      const viewers = rooms.join(room, socket)
      const hello: PresenceMessage = { type: 'hello', servedBy: deps.config.instanceId, viewers }
      socket.send(JSON.stringify(hello))
      rooms.broadcast(room, { type: 'viewers', viewers }, socket)

      socket.on('message', (data, isBinary) => answerEcho(socket, isBinary ? '' : String(data)))
      socket.on('error', (error) => request.log.debug({ err: error }, 'a socket broke'))
      const ping = setInterval(() => socket.ping(), PING_MS)
      socket.once('close', () => {
        clearInterval(ping)
        rooms.leave(room, socket)
        rooms.broadcast(room, { type: 'viewers', viewers: rooms.viewers(room) })
      })
    },
  )
}

/** An `echo` message comes back as it was, so that a client can tell that the line is alive. */
function answerEcho(socket: WebSocket, text: string): void {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return // not JSON: not meant for us, and no reason to hang up
  }
  if (typeof message === 'object' && message !== null && 'type' in message) {
    if (message.type === 'echo') socket.send(text)
  }
}
