import { readFile, realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

export interface KeptFile {
  readonly bytes: Buffer
  /** Its media type; undefined for what is no picture. */
  readonly picture: string | undefined
}

/** A file below `directory`; undefined for one that is not there, and for a name that leads out, by dots or by a link. */
export async function readKept(directory: string, name: string): Promise<KeptFile | undefined> {
  try {
    const source = await realpath(join(directory, name))
    if (!isInside(source, await realpath(directory))) return undefined
    const bytes = await readFile(source)
    return { bytes, picture: pictureType(bytes) }
  } catch {
    return undefined // It was pruned, or cannot be read: there is nothing to show.
  }
}

export function isInside(path: string, directory: string): boolean {
  const way = relative(directory, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`)
}

/** By its first bytes: what a file is called says nothing. */
export function pictureType(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 8).toString('latin1') === '\u0089PNG\r\n\u001A\n') return 'image/png'
  if (bytes.subarray(0, 3).toString('latin1') === '\u00FF\u00D8\u00FF') return 'image/jpeg'
  return bytes.subarray(0, 4).toString('latin1') === 'RIFF' && bytes.subarray(8, 12).toString('latin1') === 'WEBP' ? 'image/webp' : undefined
}
