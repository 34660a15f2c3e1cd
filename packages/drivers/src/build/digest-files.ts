import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import path from 'node:path'
import { digestSchema, type Digest } from '@plimsoll/model'

export interface FilesDigest {
  readonly digest: Digest
  readonly sizeBytes: number
  readonly fileCount: number
}

/** Names a directory by its files: path, mode and bytes of each. Owner, times and empty directories do not count. */
export async function digestFiles(directory: string): Promise<FilesDigest> {
  const records: string[] = []
  let sizeBytes = 0
  const visit = async (below: string): Promise<void> => {
    for (const entry of await readdir(path.join(directory, below), { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      const file = path.join(directory, name)
      if (entry.isDirectory()) {
        await visit(name)
      } else if (entry.isSymbolicLink()) {
        records.push(JSON.stringify([name, 'link', await readlink(file)]))
      } else {
        const [content, { mode }] = await Promise.all([readFile(file), lstat(file)])
        sizeBytes += content.length
        records.push(JSON.stringify([name, (mode & 0o111) === 0 ? 'file' : 'program', createHash('sha256').update(content).digest('hex')]))
      }
    }
  }
  await visit('')
  const digest = createHash('sha256').update(records.sort().join('\n')).digest('hex')
  return { digest: digestSchema.parse(`sha256:${digest}`), sizeBytes, fileCount: records.length }
}
