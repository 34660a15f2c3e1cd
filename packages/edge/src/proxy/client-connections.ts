import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ClientLimits } from '../settings/client-limits.ts'
import { type OwnAnswer, rawAnswer } from './answer.ts'
import { ClientConnection } from './client-connection.ts'

const full: OwnAnswer = { status: 503, detail: 'Too many connections are open here. Please try again in a moment.', headers: { 'retry-after': '2' } }

/** How often in the time that they have the slow ones are looked for. */
const looks = 8

/** All connections of clients, on all ports of the edge. */
export class ClientConnections {
  readonly #limits: ClientLimits
  readonly #open = new Map<Duplex, ClientConnection>()
  readonly #looking: NodeJS.Timeout
  #admitted = 0

  constructor(limits: ClientLimits) {
    this.#limits = limits
    this.#looking = setInterval(() => this.#look(), limits.slowMs / looks).unref()
  }

  get count(): number {
    return this.#open.size
  }

  /** How many have come so far. */
  get admitted(): number {
    return this.#admitted
  }

  /** Takes the connections that come to `server`, as long as there is room, and what its parser says of them. */
  admitAll(server: Server, onFault: (socket: Socket, status: number) => void): void {
    server.on('connection', (socket) => this.#admit(socket, (status) => onFault(socket, status)))
    server.on('clientError', (error, socket) => this.#open.get(socket)?.fail(error))
  }

  /** The connection that this request came on; undefined when it is closed. */
  of(request: IncomingMessage): ClientConnection | undefined {
    return this.#open.get(request.socket)
  }

  /** All that there are are to end: each with its next answer that can say so, else when it is unused for `idleMs` from its answer on. Those that nothing is under way on are left as they are. */
  retire(idleMs: number): void {
    for (const connection of this.#open.values()) connection.retire(idleMs)
  }

  /** On how many of them a request is under way, or may be sent because nobody was told not to. */
  get retiring(): number {
    return [...this.#open.values()].filter(({ isRetiring }) => isRetiring).length
  }

  /** Looks after them no more. */
  close(): void {
    clearInterval(this.#looking)
  }

  #admit(socket: Socket, onFault: (status: number) => void): void {
    this.#admitted += 1
    if (this.#open.size >= this.#limits.connections) {
      socket.on('error', () => socket.destroy())
      return void socket.end(rawAnswer(full), () => socket.destroy())
    }
    this.#open.set(socket, new ClientConnection(socket, onFault))
    socket.once('close', () => this.#open.delete(socket))
  }

  #look(): void {
    const now = performance.now()
    for (const connection of this.#open.values()) connection.look(now, this.#limits)
  }
}
