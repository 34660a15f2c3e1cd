import { type Socket } from 'node:net'
import type { Address } from '@plimsoll/model'
import type { Names } from '../names.ts'
import { readBytes } from '../slabs.ts'
import { UpstreamSocket } from './upstream-socket.ts'

/** Whoever a connection serves at the moment. */
export interface ConnectionUser {
  connected(): void
  /** Bytes `from` to `to` have arrived; they may be changed, and are gone after the call. */
  received(bytes: Buffer, from: number, to: number): void
  /** What was written has left. */
  drained(): void
  /** The upstream sends no more. */
  ended(): void
  /** Both ways are over; comes once, also after `ended`. */
  closed(error: Error | undefined): void
}

/** All connections read into the same bytes, one after the other: Node would make new ones for every read. */
const room = Buffer.allocUnsafeSlow(readBytes)

export interface ConnectionOptions {
  readonly address: Address
  /** Where the host of the address is looked up, when it is a name. */
  readonly names: Names
  /** Whether the socket may be handed over, and then has to be an ordinary stream. */
  readonly forUpgrade: boolean
  /** A slow accept queue is not a slow answer: connecting is given this long, answering as long as the client waits. */
  readonly connectMs: number
  /** Told when it closes, for whatever reason. */
  readonly onClose?: (connection: Connection) => void
}

/** A socket to an upstream. Its listeners stay over all the requests that it carries; without a user it dies of the first byte. */
export class Connection {
  readonly socket: UpstreamSocket
  /** Whether it carried a request before. */
  reused = false
  #user: ConnectionUser | undefined
  #error: Error | undefined

  constructor({ address: { host, port }, names: { lookup }, forUpgrade, connectMs, onClose }: ConnectionOptions) {
    const receive = (bytes: Buffer, length: number): void => {
      if (this.#user === undefined) this.destroy()
      else this.#user.received(bytes, 0, length)
    }
    const onread = { buffer: room, callback: (length: number) => (receive(room, length), true) }
    this.socket = new UpstreamSocket(forUpgrade ? {} : { onread }).setNoDelay(true).setKeepAlive(true, 1_000).connect({ host, port, lookup })
    if (forUpgrade) this.socket.on('data', (bytes: Buffer) => receive(bytes, bytes.length))
    // Client sockets keep the process up while there is anything to do.
    this.socket.unref()
    const connecting = setTimeout(() => this.destroy(), connectMs)
    this.socket.once('connect', () => {
      clearTimeout(connecting)
      this.#user?.connected()
    })
    this.socket.on('drain', () => this.#user?.drained())
    this.socket.on('timeout', () => this.#user ?? this.destroy())
    this.socket.once('end', () => (this.#user === undefined ? this.destroy() : this.#user.ended()))
    this.socket.on('error', (error) => (this.#error = error))
    this.socket.once('close', () => {
      clearTimeout(connecting)
      onClose?.(this)
      this.#user?.closed(this.#error)
    })
  }

  get open(): boolean {
    return !this.socket.destroyed
  }

  /** From now on `user` is told what happens; an earlier one is not any more. */
  serve(user: ConnectionUser): void {
    this.#user = user
  }

  /** Nobody uses it; it closes after `idleMs` without a use. */
  idle(idleMs: number): void {
    this.#user = undefined
    this.reused = true
    if (this.socket.timeout !== idleMs) this.socket.setTimeout(idleMs)
  }

  /** Gives the socket away to be read as a stream. What happens to it is no more heard of here. */
  handOver(): Socket {
    this.#user = nobody
    return this.socket
  }

  destroy(): void {
    this.socket.destroy()
  }
}

const ignore = (): void => undefined
const nobody: ConnectionUser = { connected: ignore, received: ignore, drained: ignore, ended: ignore, closed: ignore }
