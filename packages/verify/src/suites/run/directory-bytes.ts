import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** How much room a directory takes on the disk, or `enough` as soon as it is that much. What vanishes meanwhile takes none. */
export async function directoryBytes(directory: string, enough: number): Promise<number> {
  let bytes = 0
  const waiting = [directory]
  for (let at = waiting.pop(); at !== undefined && bytes < enough; at = waiting.pop()) {
    for (const entry of await unlessGone(() => readdir(at, { withFileTypes: true }), [])) {
      const path = join(at, entry.name)
      if (entry.isDirectory()) waiting.push(path)
      else bytes += await unlessGone(async () => (await lstat(path)).blocks * 512, 0)
    }
  }
  return Math.min(bytes, enough)
}

async function unlessGone<T>(look: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await look()
  } catch {
    // Gone, or made unreadable: either way nothing that could be measured.
    return otherwise
  }
}
