import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import type { Place } from '../process/place.ts'
import { probeFilter, probeLabels, type ProbeFor } from './place-labels.ts'

interface At {
  readonly engine: DockerEngine
  readonly place: Place
}

const createdSchema = z.object({ Id: z.string() })
const removeMs = 30_000

export interface Probing<T> {
  /** A name, or `sha256:…` */
  readonly image: string
  readonly of: ProbeFor
  /** Told the path of the container on the engine's API. */
  readonly work: (path: string) => Promise<T>
}

/** Does `work` with a container of an image, which is the only way to its files. It is never started, so that nothing of the image's runs, and is gone afterwards. */
export async function throughProbe<T>({ engine, place }: At, { image, of, work }: Probing<T>, signal: AbortSignal): Promise<T> {
  const to = 'look into an image'
  const body = { Image: image, Cmd: ['none'], Labels: probeLabels(place, of) }
  const { Id } = await engine.read(createdSchema, { method: 'POST', path: '/containers/create', body, to }, signal)
  const path = `/containers/${Id}`
  try {
    return await work(path)
  } finally {
    // Also when it is not wanted any more: nobody else would remove it.
    await engine.call({ method: 'DELETE', path, query: { force: true, v: true }, to, also: [404] }, AbortSignal.timeout(removeMs))
  }
}

/** Removes containers through which somebody has looked who died, or whose engine went away, meanwhile; those of everybody unless `of` is given. Nobody may look at that moment. */
export async function sweepProbes({ engine, place }: At, { of, signal }: { readonly of?: ProbeFor; readonly signal: AbortSignal }): Promise<void> {
  const to = 'remove what was left behind'
  const left = await engine.read(z.array(createdSchema), { path: '/containers/json', query: { all: true, filters: probeFilter(place, of) }, to }, signal)
  for (const { Id } of left) await engine.call({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true, v: true }, to, also: [404, 409] }, signal)
}
