import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { DockerEngine } from '../../src/docker-engine/docker-engine.ts'
import { tarOf, type TarEntry } from '../../src/container/tar.ts'
import { withLock } from '../../src/process/lock.ts'
import { realClock } from '../real-clock.ts'

/** An image that the engine has: `name` can be pulled from nowhere and stays until somebody removes it. */
export interface MadeImage {
  readonly name: string
  /** `sha256:…` */
  readonly id: string
}

export interface FlatImage {
  readonly name: string
  /** Stands for what the files are: another key, another image. */
  readonly key: string
  readonly files: () => readonly TarEntry[]
  /** Lines of a Dockerfile: CMD, ENTRYPOINT, ENV, EXPOSE, USER, WORKDIR. */
  readonly changes: readonly string[]
}

/** An image of one layer, made unless this engine has it; its tag follows from its key. Two makers at once make it once. */
export function imageOf(engine: DockerEngine, image: FlatImage, signal: AbortSignal): Promise<MadeImage> {
  return makeOnce(engine, image, { signal, make: async (tag) => {
    const query = { fromSrc: '-', repo: image.name, tag, changes: image.changes }
    await engine.call({ method: 'POST', path: '/images/create', query, tar: Readable.from(tarOf(image.files())), to: `make the image ${image.name}` }, signal)
  } })
}

export interface Layer {
  readonly name: string
  readonly files: readonly TarEntry[]
  /** As of a flat image. */
  readonly changes: readonly string[]
}

/** A few small files more on an image, made unless this engine has it. */
export function layerOn(engine: DockerEngine, { base, layer }: { readonly base: MadeImage; readonly layer: Layer }, signal: AbortSignal): Promise<MadeImage> {
  const tar = Buffer.concat([...tarOf(layer.files)])
  const key = [base.id, tar.toString('latin1')].join('\n')
  return makeOnce(engine, { name: layer.name, key, changes: layer.changes }, { signal, make: async (tag) => {
    const to = `make the image ${layer.name}`
    const { Id } = await engine.read(z.object({ Id: z.string() }), { method: 'POST', path: '/containers/create', body: { Image: base.id, Cmd: ['none'] }, to }, signal)
    try {
      await engine.call({ method: 'PUT', path: `/containers/${Id}/archive`, query: { path: '/' }, tar, to }, signal)
      await engine.call({ method: 'POST', path: '/commit', query: { container: Id, repo: layer.name, tag, changes: layer.changes }, body: {}, to }, signal)
    } finally {
      await engine.call({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true }, to }, signal)
    }
  } })
}

interface Making {
  readonly signal: AbortSignal
  make(tag: string): Promise<void>
}

function makeOnce(engine: DockerEngine, { name, key, changes: lines }: Pick<FlatImage, 'name' | 'key' | 'changes'>, { signal, make }: Making): Promise<MadeImage> {
  const tag = createHash('sha256').update([key, ...lines].join('\n')).digest('hex').slice(0, 16)
  return withLock({ name: `image/${name}:${tag}`, clock: realClock }, async () => {
    const known = await idOf(engine, `${name}:${tag}`, signal)
    if (known === undefined) await make(tag)
    const id = known ?? (await idOf(engine, `${name}:${tag}`, signal))
    if (id === undefined) throw new Error(`the engine took the files of ${name} and made no image`)
    return { name: `${name}:${tag}`, id }
  }, signal)
}

async function idOf(engine: DockerEngine, name: string, signal: AbortSignal): Promise<string | undefined> {
  const { status, body } = await engine.call({ path: `/images/${name}/json`, to: `look at the image ${name}`, also: [404] }, signal)
  return status === 404 ? undefined : z.object({ Id: z.string() }).parse(JSON.parse(body)).Id
}
