import { isPlimsollError, PlimsollError } from '@plimsoll/model'
import { memberProtocol, type Word, wordSchema } from '../member/member-protocol.ts'
import type { MemberAddress, MemberLink, MemberQuestion } from './member-link.ts'

/** One edge of a fleet, as its controller sees it. */
export class FleetMember {
  readonly address: MemberAddress
  readonly #link: MemberLink
  readonly #answerMs: number
  /** When it was listed first, and when it answered last, by `performance.now()`. */
  readonly listedAt = performance.now()
  heardAt: number | undefined
  /** What it said last. */
  word: Word | undefined
  /** Whether it answered when it was asked last. */
  answers = false
  /** Fires, and is made anew, when it does not answer any more. */
  #lost = new AbortController()

  /** It has to answer a short question within `answerMs`. */
  constructor(address: MemberAddress, link: MemberLink, answerMs: number) {
    this.address = address
    this.#link = link
    this.#answerMs = answerMs
  }

  get name(): string {
    return this.address.name
  }

  /** How long nothing was heard of it; 0 while it answers. */
  awayMs(): number {
    return this.answers ? 0 : performance.now() - (this.heardAt ?? this.listedAt)
  }

  /** Whether it serves by this very table. */
  follows(digest: string): boolean {
    return this.answers && this.word?.serving === true && this.word.digest === digest
  }

  /** Asks how it is, and tells it what the current table is. Never throws: one that does not answer is away. */
  async look(digest: () => string): Promise<void> {
    try {
      const before = this.word?.waking
      this.#heard(await this.#askWord(digest))
      // It believes what the current table is from who knows that it woke up.
      if (this.word?.waking !== before) this.#heard(await this.#askWord(digest))
    } catch {
      // Whatever it was, it cannot be steered now; the next look tells whether that has changed.
      this.#miss()
    }
  }

  /** A question that is answered at once. Throws `EDGE_DOWN`, and then it counts as away until it is heard again. */
  async ask(question: MemberQuestion): Promise<unknown> {
    try {
      return await this.#link.ask(question, AbortSignal.timeout(this.#answerMs))
    } catch (error) {
      if (isDown(error)) this.#miss()
      throw error
    }
  }

  /** A question that may take long. Throws `EDGE_DOWN` as soon as the edge is away. */
  async askLong(question: MemberQuestion, signal: AbortSignal): Promise<unknown> {
    return await this.#link.ask(question, AbortSignal.any([signal, this.#lost.signal]))
  }

  /** It has said that it serves by this table. */
  acknowledged(digest: string, generation: number): void {
    if (this.word !== undefined) this.#heard({ ...this.word, digest, generation, serving: true })
  }

  close(): void {
    this.#miss()
    this.#link.close()
  }

  /** A kept connection may just have been closed by the other side, which says nothing about it: it is asked twice, within the time for once. */
  async #askWord(digest: () => string): Promise<Word> {
    const inTime = AbortSignal.timeout(this.#answerMs)
    const ask = async (): Promise<unknown> => this.#link.ask({ method: 'GET', path: `/word?${new URLSearchParams({ digest: digest(), waking: this.word?.waking ?? '' })}` }, inTime)
    const word = wordSchema.parse(await ask().catch(async (error: unknown) => (inTime.aborted ? Promise.reject(error) : ask())))
    if (word.protocol !== memberProtocol) throw new PlimsollError('EDGE_DOWN', `The edge on ${this.name} speaks protocol ${word.protocol}, and this Plimsoll ${memberProtocol}.`)
    return word
  }

  #heard(word: Word): void {
    this.word = word
    this.answers = true
    this.heardAt = performance.now()
  }

  #miss(): void {
    if (!this.answers) return
    this.answers = false
    this.#lost.abort()
    this.#lost = new AbortController()
  }
}

function isDown(error: unknown): boolean {
  return isPlimsollError(error) && error.code === 'EDGE_DOWN'
}
