import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { isPlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import { endlessly, type DockerEngine } from '../docker-engine/docker-engine.ts'
import { tarOf } from '../container/tar.ts'

export interface SettleRequest {
  readonly engine: DockerEngine
  /** A name of the image; it is moved to the settled one. */
  readonly tag: string
  readonly labels: Readonly<Record<string, string>>
}

export interface SettledImage {
  /** `sha256:…` */
  readonly id: string
  readonly sizeBytes: number
  readonly workingDirectory: string
}

const labelsSchema = z.record(z.string(), z.string()).nullish().transform((labels) => labels ?? {})
const imageSchema = z.object({
  Id: z.string(),
  Size: z.number(),
  Architecture: z.string(),
  Os: z.string(),
  Variant: z.string().optional(),
  Config: z.looseObject({ Labels: labelsSchema, WorkingDir: z.string().nullish() }),
  RootFS: z.object({ Layers: z.array(z.string()).default([]) }),
})
const historySchema = z.array(z.object({ CreatedBy: z.string(), Size: z.number() }))

/** What every image is said to be made at, so that its id follows from its content alone. */
const always = '2000-01-01T00:00:00Z'

/**
 * Takes the time of the build out of an image's configuration, and adds labels. An image's id is the digest of that, and BuildKit before 0.11 lets
 * nobody choose the time, so that the same files would have another id after each build that is not cached. The layers stay as they
 * are: the engine is given a configuration that names them. Twice is once. An engine whose image store wants the layers' bytes as
 * well (containerd's) keeps the image that was built, without the labels.
 */
export async function settleImage({ engine, tag, labels }: SettleRequest, signal: AbortSignal): Promise<SettledImage> {
  const to = 'settle an image'
  const look = () => engine.read(imageSchema, { path: `/images/${tag}/json`, to }, signal)
  const built = await look()
  const history = await engine.read(historySchema, { path: `/images/${built.Id}/history`, to }, signal)
  const { Architecture: architecture, Os: os, Variant: variant = '', Config: { Labels, ...config }, RootFS: { Layers: layers } } = built
  const steps = historyOf(history.toReversed(), layers.length)
  const text = JSON.stringify({
    architecture, os, ...(variant !== '' && { variant }), created: always, config: sorted({ ...config, Labels: sorted({ ...Labels, ...labels }) }), rootfs: { type: 'layers', diff_ids: layers },
    ...(steps !== undefined && { history: steps }),
  })
  const name = `${createHash('sha256').update(text).digest('hex')}.json`
  const manifest = [{ Config: name, RepoTags: [tag], Layers: layers.map((layer) => `${layer.replace('sha256:', '')}/layer.tar`) }]
  const tar = Readable.from(tarOf([file(name, text), file('manifest.json', JSON.stringify(manifest))]))
  await engine.call({ method: 'POST', path: '/images/load', query: { quiet: true }, tar, to, patienceMs: endlessly }, signal).catch((error: unknown) => {
    if (!isPlimsollError(error) || error.code !== 'ENGINE_REFUSED') throw error
  })
  const settled = await look()
  // Without a name it would only be found in lists; its layers are the settled one's too. In use, as the base of another: it stays.
  if (settled.Id !== built.Id) await engine.call({ method: 'DELETE', path: `/images/${built.Id}`, to, also: [404, 409] }, signal)
  return { id: settled.Id, sizeBytes: settled.Size, workingDirectory: settled.Config.WorkingDir ?? '' }
}

/** The steps by which it was made, oldest first. Undefined when it cannot be told which of them made the layers. */
function historyOf(steps: z.infer<typeof historySchema>, layers: number): object[] | undefined {
  const written = steps.map(({ CreatedBy, Size }) => {
    const isEmpty = Size === 0 && /^(?:ENV|ARG|CMD|ENTRYPOINT|LABEL|USER|EXPOSE|HEALTHCHECK|STOPSIGNAL|VOLUME|SHELL|ONBUILD|MAINTAINER|\/bin\/sh -c #\(nop\) )/.test(CreatedBy)
    return { created: always, created_by: CreatedBy, ...(isEmpty && { empty_layer: true }) }
  })
  return written.filter((step) => !('empty_layer' in step)).length === layers ? written : undefined
}

function file(path: string, content: string): { path: string; mode: number; content: Buffer } {
  return { path, mode: 0o644, content: Buffer.from(content) }
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
