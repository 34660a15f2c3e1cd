import { statfs } from 'node:fs/promises'
import { PlimsollError } from '@plimsoll/model'
import type { Ground } from './ground.ts'

const mega = 1024 * 1024

/** A new cluster has 40 MB, and initdb takes it all away again when the disk is full: only the sum tells. */
export const newClusterBytes = 64 * mega

/** One write-ahead log segment: with less, no server starts. */
const startBytes = 16 * mega

export interface Failure {
  readonly message: string
  /** The last words of what failed. */
  readonly log: readonly string[]
  /** What it would have needed free on the disk. */
  readonly neededBytes?: number
}

/** Why the server is not up; `DISK_FULL` where the disk has not what was needed. */
export async function downError(ground: Pick<Ground, 'root' | 'log'>, { message, log, neededBytes = startBytes }: Failure): Promise<PlimsollError> {
  const disk = await statfs(ground.root)
  const freeBytes = disk.bavail * disk.bsize
  if (freeBytes >= neededBytes) return new PlimsollError('DATABASE_DOWN', message, { hint: `See its log under ${ground.log}`, details: { log } })
  return new PlimsollError('DISK_FULL', `The disk that holds ${ground.root} has ${Math.floor(freeBytes / mega)} MB left, and the embedded database needs ${Math.ceil(neededBytes / mega)} MB`, {
    hint: `Free some space: df -h ${ground.root}`,
    details: { log },
  })
}
