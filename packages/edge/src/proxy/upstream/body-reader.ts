import type { RawHeaders } from '../header-rules.ts'
import type { AnswerHead } from './answer-head.ts'
import { ChunkedReader } from './chunked-reader.ts'

/** Finds a body and its end in bytes that arrive in pieces of any size. */
export interface BodyReader {
  /** After `read`: where in the bytes given the payload stands, in one piece. */
  readonly start: number
  readonly end: number
  /** Whether the body is complete. */
  readonly done: boolean
  /** Whether the end of the connection is the end of the body. */
  readonly endsWithConnection: boolean
  readonly trailers: RawHeaders
  /**
   * Takes bytes `from` to `to`, among which it may move the payload together. Returns the offset behind what belongs
   * to the body, -1 when it is broken.
   */
  read(bytes: Buffer, from: number, to: number): number
}

export function bodyReaderFor(method: string, { status, framing }: AnswerHead): BodyReader {
  if (method === 'HEAD' || status === 204 || status === 304) return new LengthReader(0)
  if (framing.kind === 'chunked') return new ChunkedReader()
  return framing.kind === 'length' ? new LengthReader(framing.length) : new LengthReader(Infinity)
}

/** A body of known length; of infinite length when the connection's end is its end. */
class LengthReader implements BodyReader {
  start = 0
  end = 0
  readonly trailers: RawHeaders = []
  readonly endsWithConnection: boolean
  #left: number

  constructor(length: number) {
    this.#left = length
    this.endsWithConnection = length === Infinity
  }

  get done(): boolean {
    return this.#left === 0
  }

  read(_bytes: Buffer, from: number, to: number): number {
    this.start = from
    this.end = Math.min(to, from + this.#left)
    this.#left -= this.end - from
    return this.end
  }
}
