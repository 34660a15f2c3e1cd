import { Socket } from 'node:net'

/**
 * A socket that can be read to its end after nothing more can be written to it. A server that refuses a body answers and closes before it has read all; the
 * next write then fails, and Node would destroy the socket with the answer still unread in it.
 */
export class UpstreamSocket extends Socket {
  /** Whether to do that. For what is sent without a body a failed write says that nobody has heard the request: then nothing read is an answer to it. */
  hearsOut = false
  #deaf: Error | undefined

  override destroy(error?: Error): this {
    if (!this.hearsOut || !isOfWriting(error)) return super.destroy(error)
    this.#deaf ??= error
    return this
  }

  /** The connection is dead after a failed write, so this comes for sure. Node ends no stream that has failed once. */
  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (chunk === null && this.#deaf !== undefined) super.destroy(this.#deaf)
    return super.push(chunk, encoding)
  }
}

function isOfWriting(error: Error | undefined): boolean {
  return error !== undefined && 'syscall' in error && (error.syscall === 'write' || error.syscall === 'writev')
}
