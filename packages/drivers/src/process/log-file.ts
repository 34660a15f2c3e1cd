import type { BigIntStats } from 'node:fs'
import { copyFile, open, rename, stat, truncate, type FileHandle } from 'node:fs/promises'
import { isMissing } from './durable-file.ts'
import { LineCutter } from './log-lines.ts'

const chunkBytes = 64 * 1024

export interface Rotation {
  /** Above this size a file is rotated. */
  readonly bytes: number
  /** How many older files are kept beside the current one. */
  readonly keep: number
}

export const defaultRotation: Rotation = { bytes: 10 * 1024 * 1024, keep: 3 }

/**
 * Moves what is in the log to `<log>.1`. The file itself stays, because those who write hold it open (with
 * O_APPEND, so that they go on at its new end). It is emptied before the copy gets its name: readers take
 * the new `.1` as the sign, see {@link LogReader}. What is written in the instant between the copy's end
 * and the emptying is lost; that is the price of not standing between a program and its log.
 */
export async function rotate(path: string, { bytes, keep }: Rotation): Promise<boolean> {
  const copy = `${path}.copy`
  const size = await sizeOf(path)
  if (size === undefined || size <= bytes) return false
  await copyFile(path, copy)
  await truncate(path, 0)
  for (let age = keep - 1; age >= 1; age -= 1) await renameIfThere(`${path}.${age}`, `${path}.${age + 1}`)
  await rename(copy, `${path}.1`)
  return true
}

/** Reads a log from some place on, across rotations. */
export class LogReader {
  readonly #path: string
  #offset: number
  #older: bigint | undefined
  #seenShort = false
  readonly #cutter = new LineCutter()

  private constructor(path: string, offset: number, older: bigint | undefined) {
    this.#path = path
    this.#offset = offset
    this.#older = older
  }

  /** At the end of the log as it is now, at its beginning, or that many bytes behind it. */
  static async open(path: string, from: 'beginning' | 'end' | number): Promise<LogReader> {
    const older = await identityOf(`${path}.1`)
    const offset = typeof from === 'number' ? from : from === 'end' ? ((await sizeOf(path)) ?? 0) : 0
    return new LogReader(path, offset, older)
  }

  /** The lines that were completed since the last call. */
  async more(): Promise<string[]> {
    const older = await identityOf(`${this.#path}.1`)
    if (older !== this.#older) {
      this.#older = older
      const lines = await this.#read(`${this.#path}.1`)
      this.#offset = 0
      return [...lines, ...(await this.#read(this.#path))]
    }
    const size = (await sizeOf(this.#path)) ?? 0
    if (size < this.#offset && !this.#seenShort) {
      // Emptied, and `.1` is about to follow; if it has not by the next call, somebody else emptied the file.
      this.#seenShort = true
      return []
    }
    if (size < this.#offset) this.#offset = 0
    this.#seenShort = false
    return this.#read(this.#path)
  }

  /** What was printed without a newline at the end. */
  rest(): string | undefined {
    return this.#cutter.end()
  }

  async #read(path: string): Promise<string[]> {
    const file = await openIfThere(path)
    if (file === undefined) return []
    const lines: string[] = []
    try {
      const buffer = Buffer.allocUnsafe(chunkBytes)
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, chunkBytes, this.#offset)
        if (bytesRead === 0) return lines
        this.#offset += bytesRead
        lines.push(...this.#cutter.push(buffer.subarray(0, bytesRead)))
      }
    } finally {
      await file.close()
    }
  }
}

/** The last `count` lines of a log and its older parts, oldest first; a last line without newline counts. */
export async function lastLines(path: string, count: number, rotation: Rotation = defaultRotation): Promise<string[]> {
  const lines: string[] = []
  for (let age = 0; age <= rotation.keep && lines.length < count; age += 1) {
    const file = await openIfThere(age === 0 ? path : `${path}.${age}`)
    if (file === undefined) continue
    try {
      lines.unshift(...(await readBackwards(file, count - lines.length)))
    } finally {
      await file.close()
    }
  }
  return lines
}

async function readBackwards(file: FileHandle, count: number): Promise<string[]> {
  let at = (await file.stat()).size
  let newlines = 0
  const chunks: Buffer[] = []
  // One newline more than lines: the first one found backwards may end the last line.
  while (at > 0 && newlines <= count) {
    const length = Math.min(chunkBytes, at)
    at -= length
    const chunk = Buffer.alloc(length)
    await file.read(chunk, 0, length, at)
    chunks.unshift(chunk)
    newlines += chunk.reduce((sum, byte) => (byte === 10 ? sum + 1 : sum), 0)
  }
  const cutter = new LineCutter()
  const lines = cutter.push(Buffer.concat(chunks))
  const rest = cutter.end()
  return count === 0 ? [] : (rest === undefined ? lines : [...lines, rest]).slice(-count)
}

/** In bytes; undefined where there is no such file. */
export async function sizeOf(path: string): Promise<number | undefined> {
  const stats = await statIfThere(path)
  return stats && Number(stats.size)
}

async function identityOf(path: string): Promise<bigint | undefined> {
  const stats = await statIfThere(path)
  return stats && stats.ino * 1_000_003n + stats.birthtimeNs
}

async function statIfThere(path: string): Promise<BigIntStats | undefined> {
  return stat(path, { bigint: true }).catch(ifMissing)
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  return open(path, 'r').catch(ifMissing)
}

async function renameIfThere(from: string, to: string): Promise<void> {
  await rename(from, to).catch(ifMissing)
}

function ifMissing(error: unknown): undefined {
  if (isMissing(error)) return undefined
  throw error
}
