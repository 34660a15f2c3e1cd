import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Digest } from '@plimsoll/model'
import { readArtifactManifest, type ArtifactManifest } from './artifact-manifest.ts'
import { startOf } from './process-tree.ts'

/** Keeps artifacts by their content, and remembers which inputs gave which. */
export interface ArtifactStore {
  /** The artifact that equal inputs gave, if its files are still there. Marks it as used. */
  find(inputs: Digest): Promise<ArtifactManifest | undefined>
  /** An empty directory in which an artifact is made. It is swept when its maker dies. */
  stage(): Promise<string>
  /** Where the files of an artifact with this digest lie, or will lie. */
  filesOf(digest: Digest): string
  /** Moves staged files to their place, or drops them when equal ones are there, and remembers their inputs. */
  keep(staged: string, manifest: ArtifactManifest): Promise<void>
  /** Deletes what is neither named in `keep`, nor among the newest `count`, nor younger than `olderThanMs`. */
  prune(request: PruneRequest): Promise<Digest[]>
  /** Deletes what a killed process left half made. */
  sweep(): Promise<void>
}

export interface PruneRequest {
  readonly keep: readonly Digest[]
  readonly count: number
  readonly olderThanMs: number
}

/** Two directories below `home`: `artifacts/<digest>` and `inputs/<digest>.json`. */
export function createArtifactStore(home: string): ArtifactStore {
  const artifacts = path.join(home, 'artifacts')
  const inputs = path.join(home, 'inputs')
  const scratch = path.join(home, 'scratch')
  const directoryOf = (digest: string) => path.join(artifacts, hex(digest))
  const filesOf = (digest: string) => path.join(directoryOf(digest), 'files')
  const recordOf = (digest: string) => path.join(inputs, `${hex(digest)}.json`)
  let staged = 0

  return {
    filesOf,

    async find(digest) {
      const record = await readArtifactManifest(recordOf(digest))
      if (record === undefined || !(await exists(path.join(directoryOf(record.artifact.digest), 'manifest.json')))) return undefined
      const now = new Date()
      await utimes(directoryOf(record.artifact.digest), now, now)
      return { ...record, artifact: { ...record.artifact, files: filesOf(record.artifact.digest) } }
    },

    async stage() {
      staged += 1
      // The name tells whose it is, so that a sweep can tell a dead maker's from a live one's.
      const directory = path.join(scratch, `${process.pid}-${startOf(process.pid) ?? 0}-${staged}`)
      await rm(directory, { recursive: true, force: true })
      await mkdir(directory, { recursive: true })
      return directory
    },

    async keep(directory, manifest) {
      const target = directoryOf(manifest.artifact.digest)
      const text = JSON.stringify(manifest, null, 2)
      await writeFile(path.join(directory, 'manifest.json'), text)
      await mkdir(artifacts, { recursive: true })
      await rename(directory, target).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
        await rm(directory, { recursive: true, force: true })
      })
      await mkdir(inputs, { recursive: true })
      const record = recordOf(manifest.artifact.inputs)
      await writeFile(`${record}.${process.pid}`, text)
      await rename(`${record}.${process.pid}`, record)
    },

    async prune({ keep, count, olderThanMs }) {
      const named = new Set(keep.map(hex))
      const all = await Promise.all((await list(artifacts)).map(async (name) => ({ name, usedMs: (await stat(path.join(artifacts, name))).mtimeMs })))
      const newestFirst = all.sort((a, b) => b.usedMs - a.usedMs)
      const gone = newestFirst.filter(({ name, usedMs }, rank) => !named.has(name) && rank >= count && Date.now() - usedMs >= olderThanMs)
      for (const { name } of gone) {
        // Moved away first: a half deleted artifact must never look like a whole one.
        const grave = path.join(scratch, `0-0-${name}`)
        await mkdir(scratch, { recursive: true })
        await rename(path.join(artifacts, name), grave)
        await rm(grave, { recursive: true, force: true })
      }
      await forgetInputs()
      return gone.map(({ name }) => `sha256:${name}` as Digest)
    },

    async sweep() {
      for (const name of await list(scratch)) {
        const [pid = 0, started] = name.split('-').map(Number)
        if (pid === 0 || startOf(pid) !== started) await rm(path.join(scratch, name), { recursive: true, force: true })
      }
    },
  }

  /** Records of inputs whose artifact is gone. */
  async function forgetInputs(): Promise<void> {
    for (const name of await list(inputs)) {
      const record = await readArtifactManifest(path.join(inputs, name))
      if (record === undefined || !(await exists(directoryOf(record.artifact.digest)))) await rm(path.join(inputs, name), { force: true })
    }
  }
}

async function list(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(() => true, () => false)
}

function hex(digest: string): string {
  return digest.replace('sha256:', '')
}
