import type { RawHeaders } from '../header-rules.ts'
import { parseFields } from './answer-head.ts'
import { BlockReader } from './block-reader.ts'
import type { BodyReader } from './body-reader.ts'

/** Sizes below 2 ** 52. */
const maxDigits = 13
const maxExtension = 16 * 1024

const [cr, lf, tab, semicolon] = [0x0d, 0x0a, 0x09, 0x3b]

type Place = 'size' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailers'

/** A body in chunks (RFC 9112, 7.1), read to the letter: hexadecimal digits, CRLF, nothing instead. Extensions are skipped. */
export class ChunkedReader implements BodyReader {
  start = 0
  end = 0
  done = false
  readonly endsWithConnection = false
  trailers: RawHeaders = []
  #place: Place = 'size'
  #digits = 0
  #extension = 0
  /** Size of the chunk, then what is left of it. */
  #left = 0
  readonly #block = new BlockReader('\r\n')

  read(bytes: Buffer, from: number, to: number): number {
    this.start = from
    this.end = from
    let at = from
    while (at !== -1 && at < to && !this.done) at = this.#step(bytes, at, to)
    return at
  }

  #step(bytes: Buffer, at: number, to: number): number {
    if (this.#place === 'data') return this.#readData(bytes, at, to)
    if (this.#place === 'trailers') return this.#readTrailers(bytes, at, to)
    return this.#readLine(bytes[at] ?? 0) ? this.#behind(at) : -1
  }

  /** The CR behind the last size is where the block of trailers begins: with none, it is the empty line at once. */
  #behind(at: number): number {
    return this.#place === 'trailers' ? at : at + 1
  }

  #readData(bytes: Buffer, at: number, to: number): number {
    const next = Math.min(to, at + this.#left)
    if (this.end === this.start) [this.start, this.end] = [at, at]
    else bytes.copyWithin(this.end, at, next)
    this.end += next - at
    this.#left -= next - at
    if (this.#left === 0) this.#place = 'data-cr'
    return next
  }

  /** Takes one byte of the lines around the data. False when it may not stand here. */
  #readLine(byte: number): boolean {
    switch (this.#place) {
      case 'size': return this.#readSize(byte)
      case 'extension': return this.#readExtension(byte)
      case 'size-lf': this.#place = 'data'; return byte === lf
      case 'data-cr': this.#place = 'data-lf'; return byte === cr
      default: this.#startSize(); return byte === lf
    }
  }

  #startSize(): void {
    this.#place = 'size'
    this.#digits = 0
    this.#extension = 0
  }

  #readSize(byte: number): boolean {
    const digit = digitOf(byte)
    if (digit === -1) return this.#digits > 0 && (byte === cr ? this.#endSize() : byte === semicolon && this.#startExtension())
    this.#left = this.#left * 16 + digit
    this.#digits += 1
    return this.#digits <= maxDigits
  }

  #startExtension(): boolean {
    this.#place = 'extension'
    return true
  }

  #readExtension(byte: number): boolean {
    if (byte === cr) return this.#endSize()
    this.#extension += 1
    return this.#extension <= maxExtension && (byte === tab || (byte >= 0x20 && byte !== 0x7f))
  }

  #endSize(): boolean {
    this.#place = this.#left === 0 ? 'trailers' : 'size-lf'
    return true
  }

  #readTrailers(bytes: Buffer, at: number, to: number): number {
    const next = this.#block.read(bytes, at, to)
    if (next === 'more') return to
    const fields = next === 'malformed' ? undefined : parseFields(this.#block.text, 2)
    if (next === 'malformed' || fields === undefined) return -1
    this.trailers = fields
    this.done = true
    return next
  }
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
