import { randomBytes } from 'node:crypto'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { codeOf } from './code-of.ts'

/** A name beside `path` for something half made. Carries our process id, so that a later start can tell what was abandoned. */
export function newNameFor(path: string): string {
  return `${path}.new-${process.pid}-${randomBytes(4).toString('hex')}`
}

/**
 * Gives a finished directory its name, durably and in one instant. Returns false, and
 * leaves `fresh` where it is, when somebody else was there first.
 */
export async function moveIntoPlace(fresh: string, path: string): Promise<boolean> {
  try {
    await rename(fresh, path)
  } catch (error) {
    if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return false
    throw error
  }
  await syncDirectory(dirname(path))
  return true
}

/** Removes what starts that were killed have left half made under `root`. */
export async function sweepAbandoned(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const owner = /\.new-(\d+)-[0-9a-f]{8}$/.exec(basename(name))?.[1]
    if (owner !== undefined && !isAlive(Number(owner))) await rm(join(root, name), { recursive: true, force: true })
  }
}

/** True while a process with this id exists, also one that is not ours to signal. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** Makes names in `directory` survive a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
