import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDiskFull, PlimsollError } from '@plimsoll/model'
import type { z } from 'zod'

/**
 * Replaces `path` by `value` as JSON, whole or not at all, also when the machine loses power.
 * Readable by its owner only: records hold the environment of units, and that holds secrets.
 */
export async function writeRecord(path: string, value: unknown): Promise<void> {
  await writeDurably(path, `${JSON.stringify(value, null, 2)}\n`)
}

/** Replaces `path` by `text` in the same way. Several writers at once are fine: one of them is the last. */
export async function writeDurably(path: string, text: string, mode = 0o600): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw isDiskFull(error) ? diskFull(path, error) : error
  }
}

/** Removes what writers that were killed have left half written in `directory`. */
export async function sweepHalfWritten(directory: string): Promise<void> {
  for (const name of await namesIn(directory)) {
    const writer = /\.(\d+)-[0-9a-f]{12}\.tmp$/.exec(name)?.[1]
    if (writer !== undefined && !(await runs(Number(writer)))) await rm(join(directory, name), { force: true })
  }
}

/** One that has ended and whose parent does not ask about it has no command line any more. */
async function runs(pid: number): Promise<boolean> {
  return ((await readIfThere(`/proc/${pid}/cmdline`)) ?? '') !== ''
}

/** Undefined when there is no such record. Throws when there is one that cannot be understood. */
export async function readRecord<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema> | undefined> {
  const text = await readIfThere(path)
  return text === undefined ? undefined : schema.parse(JSON.parse(text))
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function diskFull(path: string, cause: unknown): PlimsollError {
  return new PlimsollError('DISK_FULL', `The disk is full: ${path} could not be written`, { hint: `Free some space, then try again: df -h ${dirname(path)}`, cause })
}

/** What lies in a directory; nothing where there is none. */
export async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** ENOTDIR and ENOENT: nothing is at this path. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
