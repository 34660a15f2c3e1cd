import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { allRead } from './all-read.ts'
import { type OwnAnswer, rawAnswer } from './answer.ts'
import { type ClientLimits, lingerMs } from '../settings/client-limits.ts'
import { Pace } from './pace.ts'
import { refusalOfError } from './refusal.ts'

/** A request that a client has sent, until its answer is over. */
export interface Asked {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Begins to answer it. Called at most once. */
  answer(): void
  /** Answers it like this instead, or cuts the client where the answer has begun. */
  refuse(own: OwnAnswer): void
  /** Nothing more will be sent. */
  over(): void
}

/** For a body that is waited for and does not come. */
export const tooSlow: OwnAnswer = { status: 408, detail: 'The rest of the body did not come in time.' }

/** Whether a body is waited for that the upstream would take. */
export function isAwaited(request: IncomingMessage): boolean {
  return !request.complete && !request.isPaused()
}

/**
 * A client's connection. Requests that come together are answered one after the other, since the second may rely on what
 * the first did; what follows on a malformed one is not heard; and the end of the connection does not overtake its last answer.
 */
export class ClientConnection {
  readonly #socket: Socket
  /** The first is being answered, the rest wait. */
  readonly #asked: Asked[] = []
  #closing = false
  #paused = false
  #drains = 0
  readonly #pace = new Pace()
  readonly #onFault: (status: number) => void
  /** What is said behind all answers, before the end. */
  #lastWord: OwnAnswer | undefined
  /** Set from when it is to end, and is used no more for so long. */
  #retiresAfterMs: number | undefined
  #retiring = false

  /** `onFault` is told of what is answered without a request. */
  constructor(socket: Socket, onFault: (status: number) => void) {
    this.#socket = socket
    this.#onFault = onFault
    // Node calls this behind an answer with which the connection ends. Its own destroys the socket as soon as the answer
    // is with the kernel, and what the client still sends then turns the answer into a reset.
    socket.destroySoon = () => this.#leave()
    socket.once('close', () => this.#gone())
    socket.on('drain', () => (this.#drains += 1))
  }

  /** Answers it now, or behind those that came before it. */
  take(asked: Asked): void {
    if (this.#closing) return
    this.#asked.push(asked)
    asked.response.once('close', () => this.#answered(asked))
    if (this.#asked.length === 1) return asked.answer()
    this.#paused = true
    this.#socket.pause()
  }

  /** An answer that has not begun is the last one. Behind one that has, and that says nothing of an end, the client may send once more: it is ended when it was unused for `idleMs` from then on. */
  retire(idleMs: number): void {
    this.#retiresAfterMs = idleMs
    for (const { response } of this.#asked) if (!response.headersSent) response.shouldKeepAlive = false
  }

  /** Whether it is to end, and a request is under way on it, or may be sent because nobody was told not to. */
  get isRetiring(): boolean {
    return this.#retiring || (this.#retiresAfterMs !== undefined && this.#asked.length > 0)
  }

  /** The answer that is under way is the last one. */
  close(): void {
    this.#closing = true
  }

  /** The client's bytes are no HTTP from here on, or did not come in time. */
  fail(error: Error & { code?: string }): void {
    if (this.#closing) return
    this.#closing = true
    const refusal = refusalOfError(error, { silent: this.#socket.bytesRead === 0 })
    const last = this.#asked.at(-1)
    if (refusal === 'ignore' && last !== undefined) return
    if (refusal === 'ignore') this.#leave()
    else if (refusal === 'cut' || !this.#socket.writable) this.#socket.destroy()
    else if (last === undefined) this.#say(refusal)
    else if (last.request.complete) this.#lastWord = refusal
    else this.#refuse(last, refusal)
  }

  /** Ends what is too slow. Called now and then. */
  look(now: number, limits: ClientLimits): void {
    const [asked] = this.#asked
    if (asked === undefined) return
    const awaited = isAwaited(asked.request) ? 'upload' : asked.response.writableNeedDrain ? 'answer' : undefined
    if (!this.#pace.isTooSlow({ awaited, bytes: this.#socket.bytesRead, drains: this.#drains }, now, limits)) return
    if (awaited === 'upload') asked.refuse(tooSlow)
    else this.#socket.destroy()
  }

  /** A body that breaks off has an answer of its own, in its turn. */
  #refuse(asked: Asked, refusal: OwnAnswer): void {
    if (asked === this.#asked[0]) asked.refuse(refusal)
    else this.#asked.splice(-1, 1, { ...asked, answer: () => asked.refuse(refusal) })
  }

  #answered(asked: Asked): void {
    const index = this.#asked.findIndex(({ response }) => response === asked.response)
    if (index === -1) return
    this.#asked.splice(index, 1)
    asked.over()
    const [next] = this.#asked
    if (this.#socket.destroyed) return
    if (next !== undefined && index === 0) next.answer()
    else if (this.#lastWord !== undefined) this.#say(this.#lastWord)
    else if (this.#retiresAfterMs !== undefined && asked.response.shouldKeepAlive) this.#leaveUnlessUsed(this.#retiresAfterMs)
    if (!this.#paused || this.#asked.length > 1) return
    this.#paused = false
    this.#socket.resume()
  }

  #leaveUnlessUsed(idleMs: number): void {
    this.#retiring = true
    const timer = setTimeout(async () => {
      await allRead()
      this.#retiring = false
      if (this.#asked.length === 0) this.#leave()
    }, idleMs)
    this.#socket.once('close', () => {
      this.#retiring = false
      clearTimeout(timer)
    })
  }

  #say(own: OwnAnswer): void {
    this.#onFault(own.status)
    this.#socket.write(rawAnswer(own))
    this.#leave()
  }

  /** Ends our way, and listens a little longer. */
  #leave(): void {
    this.#closing = true
    if (this.#socket.destroyed) return
    this.#socket.end()
    this.#socket.resume()
    const timer = setTimeout(() => this.#socket.destroy(), lingerMs)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  /** Node says nothing to the answers that had not had their turn. */
  #gone(): void {
    for (const asked of this.#asked.splice(0)) asked.over()
  }
}
