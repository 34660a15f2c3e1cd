import { Agent } from 'node:http'
import type { Duplex } from 'node:stream'

/** Below Node's default of 5 s on the other side, so that the upstream never closes a socket just as it is used again. */
const idleMs = 4_000

/** The upstream sockets of one Unit. */
export class UpstreamAgent extends Agent {
  /** Whether a socket is kept after its answer. */
  reuse = false

  constructor() {
    super({ keepAlive: true, timeout: idleMs, scheduling: 'lifo', maxFreeSockets: 256 })
  }

  /** Asked by Node when an answer is complete. */
  override keepSocketAlive(socket: Duplex): boolean {
    return this.reuse && Boolean(super.keepSocketAlive(socket))
  }

  /** Closes idle sockets now and the busy ones after their answer. `destroy()` would cut the busy ones too. */
  retire(): void {
    this.reuse = false
    for (const sockets of Object.values(this.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
  }
}
