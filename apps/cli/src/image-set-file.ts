import { readFile, writeFile } from 'node:fs/promises'
import { imageReferenceSchema, imageSetSchema, PlimsollError, type Artifact, type ImageSet, type Source } from '@plimsoll/model'

/** What was pushed, as others are told of it. A working tree with changes is no commit's. */
export function imageSetOf({ app, source, images }: { readonly app: string; readonly source: Source | undefined; readonly images: readonly Artifact[] }): ImageSet {
  const commit = source?.dirty === false ? source.commit : undefined
  const pushed = images.toSorted((a, b) => (a.service < b.service ? -1 : 1)).flatMap(({ service, image, inputs }) => (image === undefined ? [] : [[service, { image, inputs }] as const]))
  return { format: 1, app, ...(commit !== undefined && { commit }), images: Object.fromEntries(pushed) }
}

export async function writeImageSet(file: string, set: ImageSet): Promise<void> {
  await writeFile(file, `${JSON.stringify(set, null, 2)}\n`).catch((error: NodeJS.ErrnoException) => {
    throw new PlimsollError('USAGE', `${file} cannot be written (${error.message}); the images are pushed`, { hint: 'Write it elsewhere: the same command with another --images takes no time', cause: error })
  })
}

/** Throws `USAGE` for a file that is not there, or is no set of images. */
export async function readImageSet(file: string): Promise<ImageSet> {
  const hint = 'plimsoll build --oci --push REGISTRY/PREFIX --images FILE writes one'
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new PlimsollError('USAGE', `${file} cannot be read (${error.message})`, { hint, cause: error })
  })
  const read = imageSetSchema.safeParse(jsonIn(text))
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new PlimsollError('USAGE', `${file} is no set of images${issue === undefined ? '' : `: ${[...issue.path, issue.message].join(' ')}`}`, { hint })
}

/** `service=reference` pairs. Throws `USAGE` for one that is none, and for a service that is named twice. */
export function readImages(pairs: readonly string[]): Record<string, string> {
  const images: Record<string, string> = {}
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const [service, reference] = [pair.slice(0, at), pair.slice(at + 1)]
    if (at <= 0 || !imageReferenceSchema.safeParse(reference).success) throw new PlimsollError('USAGE', `--image ${pair} does not say which service runs which image`, { hint: 'Write it as in: --image web=ghcr.io/acme/web:1.2, or by digest: --image web=ghcr.io/acme/web@sha256:…' })
    if (images[service] !== undefined) throw new PlimsollError('USAGE', `--image names ${service} twice`, { hint: 'A service runs one image' })
    images[service] = reference
  }
  return images
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // As good as any other file that is no set: the schema says so.
    return undefined
  }
}
