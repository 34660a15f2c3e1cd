import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isDiskFull, PlimsollError } from '@plimsoll/model'

/**
 * Writes `content` beside `path`, brings it to the disk and renames it into place: readers see the
 * old file or the new one, and after the return a power cut does not bring the old one back.
 * Throws `DISK_FULL`; then the old file is untouched.
 */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeAndSync(temporary, content)
    await rename(temporary, path)
    await syncDirectory(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw isDiskFull(error) ? diskFull(path, error) : error
  }
}

async function writeAndSync(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

function diskFull(path: string, cause: unknown): PlimsollError {
  return new PlimsollError('DISK_FULL', `The edge could not write ${path}: no space is left on the disk. It serves what it served before.`, {
    hint: `Free space, then release again. To see what is full: df -h ${dirname(path)}`,
    cause,
  })
}
