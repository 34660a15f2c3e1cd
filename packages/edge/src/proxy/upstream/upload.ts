import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { trailersOf } from '../header-rules.ts'

/** A client that goes on sending after its answer is listened to this long, so that the answer is not lost in a reset. */
const lingerMs = 5_000

/** The body of a request on its way to the upstream, as fast as the upstream takes it. */
export class Upload {
  readonly #request: IncomingMessage
  readonly #socket: Socket
  readonly #chunked: boolean

  constructor(request: IncomingMessage, socket: Socket, { chunked }: { chunked: boolean }) {
    this.#request = request
    this.#socket = socket
    this.#chunked = chunked
    request.on('data', this.#write)
    request.once('end', this.#end)
  }

  /** The upstream takes more. */
  resume(): void {
    this.#request.resume()
  }

  /** Sends nothing more; what the client still sends waits. */
  stop(): void {
    this.#request.off('data', this.#write)
    this.#request.off('end', this.#end)
    this.#request.pause()
  }

  readonly #write = (bytes: Buffer): void => {
    if (!(this.#chunked ? this.#writeChunk(bytes) : this.#socket.write(bytes))) this.#request.pause()
  }

  #writeChunk(bytes: Buffer): boolean {
    this.#socket.cork()
    this.#socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1')
    this.#socket.write(bytes)
    const more = this.#socket.write('\r\n', 'latin1')
    this.#socket.uncork()
    return more
  }

  readonly #end = (): void => {
    if (!this.#chunked) return
    const trailers = trailersOf(this.#request.rawTrailers).map(([name, value]) => `${name}: ${value}\r\n`)
    this.#socket.write(`0\r\n${trailers.join('')}\r\n`, 'latin1')
  }
}

/** Reads what is left of a request whose answer is under way, and what comes of it within the time for that, to no end. */
export function discardRest(request: IncomingMessage): void {
  if (request.complete) return
  request.resume()
  const timer = setTimeout(() => request.destroy(), lingerMs)
  request.once('close', () => clearTimeout(timer))
}
