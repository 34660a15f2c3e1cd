import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { writeDurably } from '../table/write-durably.ts'
import type { AssetManifest } from './asset-manifest.ts'
import { namesIn } from './asset-manifest.ts'

/** Enough to keep the disk busy, few enough to leave it to others. */
const atOnce = 8

/** Copies every file below `directory` to `objects`, named by digest; what is there already is not written again. Links are left out. */
export async function copyTree(directory: string, objects: string): Promise<AssetManifest['files']> {
  const paths = await filesBelow(directory)
  const known = new Set(await namesIn(objects))
  const files: AssetManifest['files'] = {}
  const queue = paths.values()
  const worker = async (): Promise<void> => {
    for (const path of queue) {
      const bytes = await readFile(path)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      if (!known.has(sha256)) await writeDurably(join(objects, sha256), bytes)
      known.add(sha256)
      files[relative(directory, path).split(sep).join('/')] = { sha256, size: bytes.length }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return files
}

async function filesBelow(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    throw new PlimsollError('ARTIFACT_BROKEN', `The assets in ${directory} cannot be read.`, { hint: 'Build the release again.', cause: error })
  }
}
