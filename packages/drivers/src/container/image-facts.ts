import type { RunnableUnit } from '@plimsoll/engine'
import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import type { Place } from '../process/place.ts'
import type { Registry } from '../registry/registry.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { isWritten } from './place-labels.ts'
import { sweepProbes, throughProbe } from './probe-container.ts'
import { firstFileIn } from './tar.ts'

/** What must be known of an image to run a unit from it. */
export interface ImageFacts {
  /** `sha256:…` */
  readonly id: string
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  /** That its command is what the Blueprint's comes down to, because its Dockerfile was written for that: see `image/dockerfile.ts`. */
  readonly isWritten: boolean
  /** As the image names it: `node`, `1000:1000`, or empty for root. */
  readonly user: string
  readonly uid: number
  /** That it has a shell at `/bin/sh`. */
  readonly hasShell: boolean
  /** That it brings along a check of its health. */
  readonly hasCheck: boolean
}

type Inside = Pick<ImageFacts, 'uid' | 'hasShell'>
type Whose = Pick<RunnableUnit, 'app' | 'spec' | 'artifact'>

interface At {
  readonly engine: DockerEngine
  readonly place: Place
}

interface Book extends At {
  /** Where images that are not built here come from again; nowhere unless given. */
  readonly registry: Pick<Registry, 'fetch'> | undefined
}

const words = z.array(z.string()).nullish().transform((list) => list ?? [])
const imageSchema = z.object({ Id: z.string(), Config: z.object({ Entrypoint: words, Cmd: words, User: z.string().nullish(), Labels: z.record(z.string(), z.string()).nullish(), Healthcheck: z.object({ Test: words }).nullish() }) })

/**
 * Looks at images; what an id stands for never changes, so that each is looked into once. One of a registry that the engine has lost is
 * pulled again, by its digest. Throws `PLACE_CANNOT`, `IMAGE_MISSING`, and what {@link Registry} does.
 */
export function createImageBook(book: Book): (whose: Whose, signal: AbortSignal) => Promise<ImageFacts> {
  const known = new Map<string, Inside>()
  const look = tidying(book)
  return async (whose, signal) => {
    const { Id: id, Config: { Entrypoint: entrypoint, Cmd: command, User, Labels, Healthcheck } } = await find(book, whose, signal)
    const user = User ?? ''
    const inside = known.get(id) ?? (await look({ id, user }, signal))
    known.set(id, inside)
    return { id, entrypoint, command, isWritten: isWritten(Labels ?? {}), hasCheck: (Healthcheck?.Test[0] ?? 'NONE') !== 'NONE', user, ...inside }
  }
}

async function find({ engine, registry }: Book, { app, spec, artifact: { image, digest } }: Whose, signal: AbortSignal): Promise<z.infer<typeof imageSchema>> {
  const { service } = spec
  if (image === undefined) throw new PlimsollError('PLACE_CANNOT', `${service} was built without an image, and Docker runs nothing else`)
  const look = async (name: string) => {
    const { status, body } = await engine.call({ path: `/images/${name}/json`, to: `look at the image of ${service}`, also: [404] }, signal)
    return status === 404 ? undefined : imageSchema.parse(JSON.parse(body))
  }
  const isOfRegistry = image.includes('@')
  // By its id first: its name in a registry may have been taken from it here.
  const found = await look(isOfRegistry ? digest : image)
  if (found !== undefined) return found
  if (!isOfRegistry || registry === undefined) throw imageMissing(service, image)
  await registry.fetch({ app, service, image: { ...spec.image, reference: image } }, signal)
  const fetched = await look(image)
  if (fetched === undefined) throw imageMissing(service, image)
  return fetched
}

/** What an engine that went away in the middle of a look has kept of it is removed before the next look: nobody else would, until Plimsoll starts again. */
function tidying(at: At): (image: Pick<ImageFacts, 'id' | 'user'>, signal: AbortSignal) => Promise<Inside> {
  let looking = 0
  let isDirty = false
  let tidied = Promise.resolve()
  return async (image, signal) => {
    // Never while somebody looks, whose container it would take; those of the builder are its own.
    if (isDirty && looking === 0) {
      isDirty = false
      tidied = sweepProbes(at, { of: 'driver', signal })
    }
    looking += 1
    try {
      await tidied
      return await lookInto(at, image, signal)
    } catch (error) {
      isDirty = true
      throw error
    } finally {
      looking -= 1
    }
  }
}

function imageMissing(service: string, image: string): PlimsollError {
  return new PlimsollError('IMAGE_MISSING', `The Docker engine does not have the image of ${service} (${image})`, {
    hint: 'Release again: it is made anew. To keep it another time, prune without --all.', details: { service, image },
  })
}

async function lookInto(at: At, { id: image, user }: Pick<ImageFacts, 'id' | 'user'>, signal: AbortSignal): Promise<Inside> {
  const { engine } = at
  const to = 'look into an image'
  return throughProbe(at, {
    image, of: 'driver',
    async work(container) {
      const path = `${container}/archive`
      const { status } = await engine.call({ method: 'HEAD', path, query: { path: '/bin/sh' }, to, also: [404] }, signal)
      const known = numberIn(user)
      const uid = known ?? uidIn(firstFileIn(await engine.bytes({ path, query: { path: '/etc/passwd' }, to, also: [404] }, signal)), user)
      return { uid, hasShell: status !== 404 }
    },
  }, signal)
}

function numberIn(user: string): number | undefined {
  const [name = ''] = user.split(':')
  if (name === '' || name === 'root') return 0
  return /^\d+$/.test(name) ? Number(name) : undefined
}

/** Of a user that the image does not know nothing can be started; the engine says so. */
function uidIn(passwd: string, user: string): number {
  const [name] = user.split(':')
  const fields = passwd.split('\n').map((line) => line.split(':')).find(([each]) => each === name)
  return Number(fields?.[2] ?? 0)
}
