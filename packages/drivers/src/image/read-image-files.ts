import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'
import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { throughProbe } from '../container/probe-container.ts'
import type { Place } from '../process/place.ts'

export interface ImageFilesQuestion {
  readonly engine: DockerEngine
  /** Whose container it is through which the image is looked into. */
  readonly place: Place
  /** `sha256:…` */
  readonly image: string
  /** The directory in the image that holds the app, e.g. `/app`. */
  readonly directory: string
  /** Which files are written to `into`, by paths relative to `directory`. */
  readonly wanted: (file: string) => boolean
  readonly into: string
}

export interface ImageFiles {
  readonly fileCount: number
  readonly sizeBytes: number
  /** What package managers had installed and the image holds. */
  readonly packages: readonly InstalledPackage[]
}

export interface InstalledPackage {
  readonly name: string
  readonly version: string
  readonly license: string | undefined
}

const manifestSchema = z.object({ name: z.string(), version: z.string(), license: z.string().optional().catch(undefined) })
const manifestOfPackage = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/

/** Looks through the files of an image, and brings those that are wanted out of it. Runs nothing of the image's. Throws as the engine does. */
export async function readImageFiles(question: ImageFilesQuestion, signal: AbortSignal): Promise<ImageFiles> {
  const { engine, image, directory } = question
  return throughProbe(question, {
    image, of: 'builder',
    async work(container) {
      const archive = await engine.stream({ path: `${container}/archive`, query: { path: directory }, to: 'look into an image', also: [404] }, signal)
      if (archive.statusCode !== 404) return unpack(archive, question)
      archive.resume()
      return { fileCount: 0, sizeBytes: 0, packages: [] }
    },
  }, signal)
}

async function unpack(archive: NodeJS.ReadableStream, { directory, wanted, into }: ImageFilesQuestion): Promise<ImageFiles> {
  const entries = extract()
  const arrived = pipeline(archive, entries)
  // Reported by the loop below, which ends with the stream.
  arrived.catch(() => undefined)
  const packages = new Map<string, InstalledPackage>()
  let fileCount = 0
  let sizeBytes = 0
  const top = path.posix.basename(directory)
  for await (const entry of entries) {
    const { name, type, size = 0 } = entry.header
    const file = path.posix.relative(top, name)
    if (type !== 'directory') fileCount += 1
    sizeBytes += size
    if (type === 'file' && !file.startsWith('..') && wanted(file)) await write(Readable.from(entry), path.join(into, file))
    else if (type === 'file' && manifestOfPackage.test(file)) note(packages, await text(Readable.from(entry)))
    else entry.resume()
  }
  await arrived
  return { fileCount, sizeBytes, packages: [...packages.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one) }
}

async function write(content: NodeJS.ReadableStream, file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  await pipeline(content, createWriteStream(file))
}

function note(packages: Map<string, InstalledPackage>, manifest: string): void {
  try {
    const { name, version, license } = manifestSchema.parse(JSON.parse(manifest))
    packages.set(`${name}@${version}`, { name, version, license })
  } catch {
    // A package.json that only says `"type": "module"` for a directory of its package.
  }
}
