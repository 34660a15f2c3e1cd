/** As much as Node's own HTTP client reads of a head. */
const maxBytes = 16 * 1024

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
    this.#text += bytes.toString('latin1', from, Math.min(to, from + maxBytes + 1 - before))
    const end = this.#text.indexOf('\r\n\r\n', Math.max(0, before - 3))
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
