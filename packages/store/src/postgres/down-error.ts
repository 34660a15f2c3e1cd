import { statfs } from 'node:fs/promises'
import { PlimsollError } from '@plimsoll/model'
import type { Ground } from './ground.ts'

/** Less than one write-ahead log segment: the server cannot start, whatever its log says. */
const needsBytes = 16 * 1024 * 1024

/** Why the server is not up, with its last words; says `DISK_FULL` where the disk shows that. */
export async function downError(ground: Pick<Ground, 'root' | 'log'>, message: string, log: readonly string[]): Promise<PlimsollError> {
  const disk = await statfs(ground.root)
  if (disk.bavail * disk.bsize < needsBytes) {
    return new PlimsollError('DISK_FULL', `The disk that holds ${ground.root} is full, so the embedded database cannot run`, {
      hint: `Free some space: df -h ${ground.root}`,
      details: { log },
    })
  }
  return new PlimsollError('DATABASE_DOWN', message, { hint: `Its log is under ${ground.log}`, details: { log } })
}
