import type { FastifyInstance } from 'fastify'
import type { WebSocket } from 'ws'

/** Who looks at what, as far as this instance knows: a hint for shoppers, nothing to count on. */
export class PresenceRooms {
  readonly #rooms = new Map<string, Set<WebSocket>>()

  join(room: string, socket: WebSocket): number {
    const sockets = this.#rooms.get(room) ?? new Set()
    this.#rooms.set(room, sockets.add(socket))
    return sockets.size
  }

  leave(room: string, socket: WebSocket): void {
    const sockets = this.#rooms.get(room)
    sockets?.delete(socket)
    if (sockets?.size === 0) this.#rooms.delete(room)
  }

  broadcast(room: string, message: object, except?: WebSocket): void {
    for (const socket of this.#rooms.get(room) ?? []) {
      if (socket !== except) socket.send(JSON.stringify(message))
    }
  }

  viewers(room: string): number {
    return this.#rooms.get(room)?.size ?? 0
  }
}

const SERVICE_RESTART = 1012
const CLOSE_PATIENCE_MS = 2_000

/** Tells every peer to come back elsewhere, and hangs up on those that do not answer. */
export function closePeers(this: FastifyInstance, done: () => void): void {
  const server = this.websocketServer
  for (const peer of server.clients) peer.close(SERVICE_RESTART, 'service restart')
  const patience = setTimeout(() => {
    for (const peer of server.clients) peer.terminate()
  }, CLOSE_PATIENCE_MS)
  server.close(() => {
    clearTimeout(patience)
    done()
  })
}
