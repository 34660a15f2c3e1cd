import { PlimsollError, type Artifact } from '@plimsoll/model'
import { z } from 'zod'
import type { DockerEngine } from './engine/docker-engine.ts'
import type { Place } from '../process/place.ts'
import { placeLabel } from './place-labels.ts'

/** What must be known of an image to run a unit from it. */
export interface ImageFacts {
  /** `sha256:…` */
  readonly id: string
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly user: string
  /** That it has a shell at `/bin/sh`. */
  readonly hasShell: boolean
}

const words = z.array(z.string()).nullish().transform((list) => list ?? [])
const imageSchema = z.object({
  Id: z.string(),
  Config: z.object({ Entrypoint: words, Cmd: words, Env: words, User: z.string().nullish() }),
})

/** Looks at images; what an id stands for never changes, so that each is looked at once. Throws `PLACE_CANNOT`, `IMAGE_MISSING`. */
export function createImageBook({ engine, place }: { readonly engine: DockerEngine; readonly place: Place }): (artifact: Artifact, signal: AbortSignal) => Promise<ImageFacts> {
  const known = new Map<string, boolean>()
  return async ({ image, service }, signal) => {
    if (image === undefined) throw new PlimsollError('PLACE_CANNOT', `${service} was built without an image, and Docker runs nothing else`)
    const { status, body } = await engine.call({ path: `/images/${image}/json`, to: `look at the image of ${service}`, also: [404] }, signal)
    if (status === 404) throw imageMissing(service, image)
    const { Id: id, Config: { Entrypoint: entrypoint, Cmd: command, Env: environment, User: user } } = imageSchema.parse(JSON.parse(body))
    const hasShell = known.get(id) ?? (await findShell({ engine, place }, id, signal))
    known.set(id, hasShell)
    return { id, entrypoint, command, environment: Object.fromEntries(environment.map(entryOf)), user: user ?? '', hasShell }
  }
}

function imageMissing(service: string, image: string): PlimsollError {
  return new PlimsollError('IMAGE_MISSING', `The Docker engine does not have the image of ${service} (${image})`, {
    hint: 'Release again: it is made anew. To keep it another time, prune without --all.', details: { service, image },
  })
}

/** An image is only to be looked into through a container, which need not be started. */
async function findShell({ engine, place }: { readonly engine: DockerEngine; readonly place: Place }, image: string, signal: AbortSignal): Promise<boolean> {
  const to = 'look into an image'
  const [key = '', value = ''] = placeLabel(place).split('=')
  const { Id } = await engine.read(z.object({ Id: z.string() }), { method: 'POST', path: '/containers/create', body: { Image: image, Cmd: ['none'], Labels: { [key]: value, 'plimsoll.role': 'probe' } }, to }, signal)
  try {
    const { status } = await engine.call({ method: 'HEAD', path: `/containers/${Id}/archive`, query: { path: '/bin/sh' }, to, also: [404] }, signal)
    return status !== 404
  } finally {
    // Also when it is not wanted any more: nobody else would remove it.
    await engine.call({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true, v: true }, to, also: [404] }, AbortSignal.timeout(10_000))
  }
}

function entryOf(entry: string): [string, string] {
  const at = entry.indexOf('=')
  return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)]
}
