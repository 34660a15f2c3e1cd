/** As much as Node's own HTTP client reads of a head. */
const maxBytes = 16 * 1024

/** What is turned into text at once: a usual head and little of the body behind it, which the head's fields would keep in memory. */
const pieceBytes = 512

/** A control character, or half of a line's end (RFC 9112, 2.2). A CR that is the last character may still get its LF. */
const malformed = /[^\t\r\n\x20-\x7e\x80-\xff]|\r[^\n]|(?:^|[^\r])\n/

/** A block of header lines as it arrives, in pieces of any size, until the empty line that ends it. */
export class BlockReader {
  readonly #opening: string
  #text = ''

  /** `opening` is what every such block starts with: what does not is not waited for. */
  constructor(opening: string) {
    this.#opening = opening
  }

  /** All lines with their ends, without the empty one, once `read` has told where the block ends. */
  get text(): string {
    return this.#text
  }

  /** Takes bytes `from` to `to`. Returns the offset behind the block, `more` when it goes on, `malformed` when it is none. */
  read(bytes: Buffer, from: number, to: number): number | 'more' | 'malformed' {
    const before = this.#text.length
    const last = Math.min(to, from + maxBytes + 1 - before)
    let end = -1
    for (let at = from; at < last && end === -1; at += pieceBytes) {
      const sought = Math.max(0, this.#text.length - 3)
      this.#text += bytes.toString('latin1', at, Math.min(last, at + pieceBytes))
      end = this.#text.indexOf('\r\n\r\n', sought)
    }
    if (end !== -1) this.#text = this.#text.slice(0, end + 2)
    if (malformed.test(this.#unchecked(before)) || !startsAlike(this.#text, this.#opening)) return 'malformed'
    if (end !== -1) return from + end + 4 - before
    return this.#text.length > maxBytes ? 'malformed' : 'more'
  }

  /** What came now, and the character before it where that may be the first half of a pair. */
  #unchecked(before: number): string {
    if (before === 0) return this.#text
    return this.#text.slice(this.#text[before - 1] === '\n' ? before : before - 1)
  }
}

function startsAlike(text: string, opening: string): boolean {
  return text.length < opening.length ? opening.startsWith(text) : text.startsWith(opening)
}
