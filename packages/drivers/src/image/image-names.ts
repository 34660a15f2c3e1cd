import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'

const names = z.array(z.string()).nullish().transform((list) => list ?? [])
const namedSchema = z.object({ RepoTags: names, RepoDigests: names })

/** Whether the engine has an image of this id. */
export async function hasImage(engine: DockerEngine, id: string, signal: AbortSignal): Promise<boolean> {
  const { status } = await engine.call({ path: `/images/${id}/json`, to: 'look for an image', also: [404] }, signal)
  return status !== 404
}

/** Takes our names from an image, whereupon the engine removes it unless a container or a name of somebody else's holds it. None is fine. */
export async function removeImageNames(engine: DockerEngine, id: string, signal: AbortSignal): Promise<void> {
  const to = 'remove an image'
  const { status, body } = await engine.call({ path: `/images/${id}/json`, to, also: [404] }, signal)
  if (status === 404) return
  const { RepoTags, RepoDigests } = namedSchema.parse(JSON.parse(body))
  const ours = RepoTags.filter((each) => each.startsWith('plimsoll/'))
  // What it was pulled by is no name that anybody gave it, and goes too unless somebody has.
  for (const name of [...ours, ...(ours.length === RepoTags.length ? RepoDigests : [])]) {
    await engine.call({ method: 'DELETE', path: `/images/${name}`, to, also: [404, 409] }, signal)
  }
}
