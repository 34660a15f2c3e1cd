import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { lingerMs } from '../../settings/client-limits.ts'
import { trailersOf } from '../header-rules.ts'

export interface UploadOptions {
  readonly request: IncomingMessage
  readonly socket: Socket
  readonly chunked: boolean
  /** How much of it is passed on; nobody says beforehand how long a chunked body will be. */
  readonly bodyBytes: number
  readonly onTooLarge: () => void
}

/** The body of a request on its way to the upstream, as fast as the upstream takes it. */
export class Upload {
  readonly #options: UploadOptions
  readonly #request: IncomingMessage
  readonly #socket: Socket
  #sent = 0

  constructor(options: UploadOptions) {
    this.#options = options
    this.#request = options.request
    this.#socket = options.socket
    this.#request.on('data', this.#write)
    this.#request.once('end', this.#end)
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
    this.#sent += bytes.length
    if (this.#sent > this.#options.bodyBytes) return this.#options.onTooLarge()
    if (!(this.#options.chunked ? this.#writeChunk(bytes) : this.#socket.write(bytes))) this.#request.pause()
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
    if (!this.#options.chunked) return
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
