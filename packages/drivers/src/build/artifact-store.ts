import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { digestSchema, whatToPrune, type Digest, type Held, type Room } from '@plimsoll/model'
import { writeDurably } from '../process/durable-file.ts'
import { readArtifactManifest, type ArtifactManifest } from './artifact-manifest.ts'
import { freeBytesAt } from './free-bytes.ts'
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
  /** Deletes what was used longest ago until the rest has room; see {@link PruneRequest}. Gives what went. */
  prune(request: PruneRequest): Promise<Digest[]>
  /** Deletes what a killed process left half made. */
  sweep(): Promise<void>
}

export interface PruneRequest extends Room {
  /** Stay whatever room there is. */
  readonly keep: readonly Digest[]
  /** Go whatever room there is, unless they stay. */
  readonly drop?: readonly Digest[]
  /** What was made or found after this moment stays too: a release under way may be about to name it. Milliseconds since 1970. */
  readonly usedBefore: number
}

/** Below `home`: `artifacts/<digest>`, `inputs/<digest>.json`, and `scratch` for what is being made. */
export function createArtifactStore(home: string): ArtifactStore {
  const places: Places = { artifacts: path.join(home, 'artifacts'), inputs: path.join(home, 'inputs'), scratch: path.join(home, 'scratch') }
  const directoryOf = (digest: Digest) => path.join(places.artifacts, hex(digest))
  const recordOf = (digest: Digest) => path.join(places.inputs, `${hex(digest)}.json`)
  const filesOf = (digest: Digest) => path.join(directoryOf(digest), 'files')
  let staged = 0
  return {
    filesOf,
    async find(digest) {
      const record = await readArtifactManifest(recordOf(digest))
      if (record === undefined) return undefined
      const directory = directoryOf(record.artifact.digest)
      if (!(await exists(path.join(directory, 'manifest.json')))) return undefined
      const now = new Date()
      await utimes(directory, now, now)
      return { ...record, artifact: { ...record.artifact, files: filesOf(record.artifact.digest) } }
    },
    async stage() {
      staged += 1
      // The name tells whose it is, so that a sweep can tell a dead maker's from a live one's.
      const directory = path.join(places.scratch, `${process.pid}-${startOf(process.pid) ?? 0}-${staged}`)
      await rm(directory, { recursive: true, force: true })
      await mkdir(directory, { recursive: true })
      return directory
    },
    async keep(directory, manifest) {
      const text = JSON.stringify(manifest, null, 2)
      await writeFile(path.join(directory, 'manifest.json'), text)
      await mkdir(places.artifacts, { recursive: true })
      await rename(directory, directoryOf(manifest.artifact.digest)).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
        // Equal files are there already.
        await rm(directory, { recursive: true, force: true })
      })
      await writeDurably(recordOf(manifest.artifact.inputs), text)
    },
    prune: (request) => prune(places, request),
    async sweep() {
      for (const name of await list(places.scratch)) {
        const [pid = 0, started] = name.split('-').map(Number)
        if (pid === 0 || startOf(pid) !== started) await rm(path.join(places.scratch, name), { recursive: true, force: true })
      }
    },
  }
}

interface Places {
  readonly artifacts: string
  readonly inputs: string
  readonly scratch: string
}

async function prune({ artifacts, inputs, scratch }: Places, request: PruneRequest): Promise<Digest[]> {
  const held = await heldIn(artifacts, request)
  const dropped = new Set((request.drop ?? []).map(hex))
  const gone = [...new Set([...whatToPrune(held, request, await freeBytesAt(artifacts)), ...held.flatMap(({ name, needed }) => (dropped.has(name) && !needed ? [name] : []))])]
  await mkdir(scratch, { recursive: true })
  for (const name of gone) {
    // Moved away first: a half deleted artifact must never look like a whole one.
    const grave = path.join(scratch, `0-0-${name}`)
    await rename(path.join(artifacts, name), grave)
    await rm(grave, { recursive: true, force: true })
  }
  for (const name of await list(inputs)) {
    const record = await readArtifactManifest(path.join(inputs, name))
    if (record === undefined || !(await exists(path.join(artifacts, hex(record.artifact.digest))))) await rm(path.join(inputs, name), { force: true })
  }
  return gone.map((name) => digestSchema.parse(`sha256:${name}`))
}

async function heldIn(artifacts: string, { keep, usedBefore }: PruneRequest): Promise<Held[]> {
  const named = new Set(keep.map(hex))
  return Promise.all((await list(artifacts)).map(async (name) => {
    const directory = path.join(artifacts, name)
    const usedAt = (await stat(directory)).mtimeMs
    const bytes = (await readArtifactManifest(path.join(directory, 'manifest.json')))?.artifact.sizeBytes ?? 0
    return { name, bytes, usedAt, needed: named.has(name) || usedAt >= usedBefore }
  }))
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
