import type { RawHeaders } from '../header-rules.ts'
import { type AnswerHead, parseAnswerHead } from './answer-head.ts'
import { BlockReader } from './block-reader.ts'
import { type BodyReader, bodyReaderFor } from './body-reader.ts'

/** What is told about an answer while it arrives. */
export interface AnswerSink {
  /** A head of 100 to 199 but 101; another one follows. */
  informed(head: AnswerHead): void
  /** A 101, and what came behind it; no more is read. */
  switched(head: AnswerHead, rest: Buffer): void
  answered(head: AnswerHead): void
  /** Bytes `from` to `to` are the next of the body, perhaps none; gone after the call. Called once a read, the last time with `last`. */
  body(bytes: Buffer, range: Range): void
}

export interface Range {
  readonly from: number
  readonly to: number
  readonly last: boolean
}

/** `beyond`: the answer is complete, and something stands behind it. */
export type Reading = 'more' | 'complete' | 'beyond' | 'malformed'

/** Reads one answer with all that precedes it, in pieces of any size. */
export class AnswerReader {
  readonly #method: string
  readonly #sink: AnswerSink
  #block = new BlockReader('HTTP/1.')
  #body: BodyReader | undefined

  constructor(method: string, sink: AnswerSink) {
    this.#method = method
    this.#sink = sink
  }

  get trailers(): RawHeaders {
    return this.#body?.trailers ?? []
  }

  /** Whether the end of the connection is the end of the answer. */
  get endsWithConnection(): boolean {
    return this.#body?.endsWithConnection === true
  }

  /** Takes bytes `from` to `to`, which it may change. Not called again after anything but `more`. */
  read(bytes: Buffer, from: number, to: number): Reading {
    let at = from
    while (this.#body === undefined) {
      if (at === to) return 'more'
      const next = this.#block.read(bytes, at, to)
      if (next === 'more') return 'more'
      const head = next === 'malformed' ? undefined : parseAnswerHead(this.#block.text)
      if (next === 'malformed' || head === undefined) return 'malformed'
      if (head.status === 101) return this.#switch(head, bytes.subarray(next, to))
      this.#take(head)
      at = next
    }
    return this.#readBody(this.#body, bytes, { from: at, to })
  }

  #switch(head: AnswerHead, rest: Buffer): Reading {
    this.#sink.switched(head, Buffer.from(rest))
    return 'complete'
  }

  #take(head: AnswerHead): void {
    if (head.status < 200) {
      this.#block = new BlockReader('HTTP/1.')
      return this.#sink.informed(head)
    }
    this.#body = bodyReaderFor(this.#method, head)
    this.#sink.answered(head)
  }

  #readBody(body: BodyReader, bytes: Buffer, { from, to }: { from: number; to: number }): Reading {
    const next = body.read(bytes, from, to)
    if (next === -1) return 'malformed'
    this.#sink.body(bytes, { from: body.start, to: body.end, last: body.done })
    if (!body.done) return 'more'
    return next === to ? 'complete' : 'beyond'
  }
}
