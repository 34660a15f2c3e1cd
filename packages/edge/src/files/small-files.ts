import { readFile } from 'node:fs/promises'
import type { SentFile } from './send-file.ts'

/** What is larger is streamed. */
export const smallBytes = 64 * 1024

const defaultCapacity = 16 * 1024 * 1024

/** The bytes of small files that were asked for, so that the next request for one costs no trip to the disk. */
export class SmallFiles {
  readonly #capacity: number
  readonly #bytes = new Map<string, Buffer>()
  #held = 0

  /** Holds up to `capacity` bytes and forgets first what came first. */
  constructor(capacity = defaultCapacity) {
    this.#capacity = capacity
  }

  /** By path and tag: a file that was replaced is another one. */
  get({ path, etag }: SentFile): Buffer | undefined {
    return this.#bytes.get(`${path}\0${etag}`)
  }

  /** Reads the file and keeps it. Undefined when it does not have the size that it is said to have. Throws what the disk throws. */
  async read({ path, etag, size }: SentFile): Promise<Buffer | undefined> {
    const bytes = await readFile(path)
    if (bytes.length !== size) return undefined
    this.#keep(`${path}\0${etag}`, bytes)
    return bytes
  }

  #keep(key: string, bytes: Buffer): void {
    if (this.#bytes.has(key)) return
    this.#bytes.set(key, bytes)
    this.#held += bytes.length
    for (const [oldest, { length }] of this.#bytes) {
      if (this.#held <= this.#capacity) return
      this.#bytes.delete(oldest)
      this.#held -= length
    }
  }
}
