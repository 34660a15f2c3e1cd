import { statSync, type Stats } from 'node:fs'
import type { z } from 'zod'
import { readRecord } from './durable-file.ts'

/** Reads the record at `path`: undefined when there is none. Throws when there is one that cannot be understood. */
export type RecordReader<Value> = (path: string) => Promise<Value | undefined>

interface Remembered<Value> {
  readonly file: FileState
  readonly value: Value
}

type FileState = Pick<Stats, 'ino' | 'ctimeMs' | 'size'>

/** More than an installation with some hundred apps has of one kind. */
const mostRecords = 5_000
/** Linux gives files written within a few milliseconds the same time, and a new file may get the number of one that was just replaced. */
const restlessMs = 1_000

/**
 * Reads records of one kind that are asked for again and again, and takes one apart only when its file has changed since: a record is replaced by a new
 * file, never written over. What it gives is shared by all who ask.
 */
export function rememberRecords<Schema extends z.ZodType>(schema: Schema): RecordReader<z.infer<Schema>> {
  const known = new Map<string, Remembered<z.infer<Schema>>>()
  return async (path) => {
    // Synchronously: it comes out of memory, and a trip to the thread pool costs ten times as much.
    const file = statSync(path, { throwIfNoEntry: false })
    const before = known.get(path)
    known.delete(path)
    if (file === undefined) return undefined
    const value = before !== undefined && isSame(before.file, file) ? before.value : await readRecord(path, schema)
    if (value !== undefined && isAtRest(file)) remember(known, path, { file, value })
    return value
  }
}

/**
 * What `read` makes of a directory, made anew only when something in it has changed since: a record that is written, replaced or removed changes the directory. What lies in
 * directories below does not. What it gives is shared by all who ask.
 */
export function rememberDirectories<Value>(read: (directory: string) => Promise<Value>): (directory: string) => Promise<Value> {
  const known = new Map<string, Remembered<Value>>()
  return async (directory) => {
    const file = statSync(directory, { throwIfNoEntry: false })
    const before = known.get(directory)
    known.delete(directory)
    const value = before !== undefined && file !== undefined && isSame(before.file, file) ? before.value : await read(directory)
    if (file !== undefined && isAtRest(file)) remember(known, directory, { file, value })
    return value
  }
}

function remember<Value>(known: Map<string, Remembered<Value>>, path: string, record: Remembered<Value>): void {
  known.set(path, record)
  const [oldest] = known.keys()
  if (known.size > mostRecords && oldest !== undefined) known.delete(oldest)
}

function isSame(one: FileState, other: FileState): boolean {
  return one.ino === other.ino && one.ctimeMs === other.ctimeMs && one.size === other.size
}

function isAtRest({ ctimeMs }: FileState): boolean {
  return Date.now() - ctimeMs > restlessMs
}
