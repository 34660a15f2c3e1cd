import { statfs } from 'node:fs/promises'
import path from 'node:path'

/** What is free on the disk that holds `directory`, or will hold it. */
export async function freeBytesAt(directory: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(directory)
    return bavail * bsize
  } catch (error) {
    const above = path.dirname(directory)
    if (above === directory || !(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    return freeBytesAt(above)
  }
}
