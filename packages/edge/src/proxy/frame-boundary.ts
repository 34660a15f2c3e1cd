/**
 * Follows WebSocket frames (RFC 6455, 5.2) without looking into them, to know where one ends:
 * only there may a frame of ours be put in between.
 */
export class FrameBoundary {
  #header: number[] = []
  #payloadLeft = 0

  /** True between two frames. */
  get between(): boolean {
    return this.#payloadLeft === 0 && this.#header.length === 0
  }

  /** Takes the next bytes. Returns the offset behind the first frame that ends in them, -1 when none does. */
  push(chunk: Buffer): number {
    let first = -1
    let at = 0
    while (at < chunk.length) {
      at = this.#payloadLeft > 0 ? this.#skipPayload(chunk, at) : this.#readHeader(chunk, at)
      if (first === -1 && this.between) first = at
    }
    return first
  }

  #skipPayload(chunk: Buffer, at: number): number {
    const step = Math.min(this.#payloadLeft, chunk.length - at)
    this.#payloadLeft -= step
    return at + step
  }

  #readHeader(chunk: Buffer, at: number): number {
    this.#header.push(chunk[at] ?? 0)
    if (this.#header.length >= 2 && this.#header.length === headerLength(this.#header)) {
      this.#payloadLeft = payloadLength(this.#header)
      this.#header = []
    }
    return at + 1
  }
}

function headerLength([, second = 0]: readonly number[]): number {
  const short = second & 0x7f
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0
  return 2 + extended + ((second & 0x80) === 0 ? 0 : 4)
}

function payloadLength(header: readonly number[]): number {
  const short = (header[1] ?? 0) & 0x7f
  if (short < 126) return short
  return header.slice(2, short === 126 ? 4 : 10).reduce((sum, byte) => sum * 256 + byte, 0)
}
