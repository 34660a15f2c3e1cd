import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { BuildRequest } from '@plimsoll/engine'
import { digestSchema, type Artifact, type UnitSpec } from '@plimsoll/model'
import { z } from 'zod'
import { createArtifactStore, type ArtifactStore } from '../build/artifact-store.ts'
import type { Builder } from '../build/builder.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { isWritten } from '../container/place-labels.ts'
import { openPlace, type Place } from '../process/place.ts'
import type { Registry } from '../registry/registry.ts'
import { nextNamesIn } from './image-labels.ts'
import { hasImage } from './image-names.ts'
import { digestOf, takeFromImage } from './take-from-image.ts'

export interface GivenImagesOptions {
  /** That of the image builder: what the edge needs of each image is kept beside what is built, and goes with it. */
  readonly home: string
  readonly engine: DockerEngine
  readonly registry: Pick<Registry, 'fetch'>
}

/**
 * Makes artifacts of images that a registry has, in place of building: pulled by digest, and run as they are. An artifact's digest is the image's
 * id, its `image` the name by which it is pulled again where the engine has lost it. Throws what {@link Registry} does.
 */
export function createGivenImages({ home, engine, registry }: GivenImagesOptions): Pick<Builder, 'build'> {
  const store = createArtifactStore(path.resolve(home))
  const place = openPlace(home)
  return {
    async build(request, signal) {
      const { image } = request.spec
      if (image === undefined) throw new Error(`${request.spec.service} is given no image`)
      return take({ request, image, store, place, engine, registry, began: performance.now() }, signal)
    },
  }
}

interface Given extends Omit<GivenImagesOptions, 'home'> {
  readonly request: BuildRequest
  readonly image: NonNullable<UnitSpec['image']>
  readonly store: ArtifactStore
  readonly place: Place
  readonly began: number
}

const imageSchema = z.object({
  Id: digestSchema,
  Size: z.number(),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish().transform((labels) => labels ?? {}) }),
})

async function take(given: Given, signal: AbortSignal): Promise<Artifact> {
  const { request: { app, spec }, image, store, engine, registry, began } = given
  // A static site wants all of its files on the host, and another service of the same image not.
  const inputs = digestSchema.parse(digestOf(JSON.stringify(['given 1', image.reference, spec.kind])))
  const found = await store.find(inputs)
  if (found !== undefined && (await hasImage(engine, found.artifact.digest, signal))) return { ...found.artifact, service: spec.service, fresh: false, buildMs: Math.round(performance.now() - began) }
  say(given, `pulls ${image.reference}`)
  await registry.fetch({ app, service: spec.service, image }, signal)
  return keep(given, inputs, signal)
}

async function keep(given: Given, inputs: Artifact['inputs'], signal: AbortSignal): Promise<Artifact> {
  const { request: { app, spec, source }, image, store, place, engine, began } = given
  const to = `look at the image of ${spec.service}`
  const { Id: id, Size, Config: { Labels } } = await engine.read(imageSchema, { path: `/images/${image.reference}/json`, to }, signal)
  // An image without a name goes with the next `docker image prune`.
  await engine.call({ method: 'POST', path: `/images/${id}/tag`, query: { repo: `plimsoll/${app}-given`, tag: id.slice(7, 23) }, to }, signal)
  const staged = await store.stage()
  try {
    const dockerfile = isWritten(Labels) ? { is: 'written' as const, plan: { nextDirectories: nextNamesIn(Labels) } } : { is: 'own' as const }
    const taken = await takeFromImage({ engine, place, tag: id, spec, dockerfile, into: path.join(staged, 'files') }, signal)
    const commit = Labels['org.opencontainers.image.revision']
    const artifact: Artifact = {
      service: spec.service, digest: id, image: image.reference, inputs, files: store.filesOf(id), sizeBytes: Size, fileCount: taken.fileCount, layout: 'image', assets: [...taken.assets], publicValues: {},
      ...(taken.deploymentId !== undefined && { deploymentId: taken.deploymentId }), ...(commit !== undefined && commit !== '' && { commit }),
      builtAt: new Date().toISOString(), fresh: true, buildMs: Math.round(performance.now() - began),
    }
    await store.keep(staged, { format: 1, artifact, app, entries: [], ...(taken.buildId !== undefined && { buildId: taken.buildId }), dirty: source.dirty, tools: [], tried: 'nothing of it was run' })
    say(given, `${image.reference} is here: ${(Size / 1e6).toFixed(1)} MB`)
    return artifact
  } finally {
    await rm(staged, { recursive: true, force: true })
  }
}

function say({ request: { spec: { service }, output } }: Given, text: string): void {
  output({ at: new Date().toISOString(), service, stream: 'plimsoll', text })
}
