import type { Clock } from '@plimsoll/engine'
import { PlimsollError, readImageReference, type AppName, type ImageReference, type ServiceName, type UnitSpec } from '@plimsoll/model'
import { z } from 'zod'
import type { DockerEngine, EngineRequest } from '../docker-engine/docker-engine.ts'
import { messageIn } from '../docker-engine/engine-failure.ts'
import { loginFor, type ImageLogin } from './login-for.ts'
import { imageForeign, imageMoved, kindOf, referenceText, registryFailure, registrySilent } from './registry-failure.ts'
import type { RegistryLogin } from './registry-login.ts'
import { transfer, type Transferred } from './transfer.ts'
import { untilSilent, type Hearing } from './until-silent.ts'

export interface RegistryOptions {
  /** Asks registries, pulls and pushes: its network, proxies, mirrors and trusted certificates are what counts. */
  readonly engine: DockerEngine
  /** The environment that Plimsoll was started with: Docker's own configuration and its credential helpers are found by it. */
  readonly machine: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** `USER:TOKEN` that is kept for an app under a Blueprint's name for it; undefined where none is. */
  readonly keptLogin: (app: AppName, name: string) => Promise<string | undefined>
  /** Told every password that is used, so that it can be kept out of what is shown. */
  readonly learn: (secrets: readonly string[]) => void
  /** Longest that a registry may say nothing; a minute unless given. */
  readonly silenceMs?: number | undefined
}

/** An image that a service, a database or a key-value service is to run. */
export interface WantedImage {
  readonly app: AppName
  /** What is to run it, for people. */
  readonly service: string
  readonly image: NonNullable<UnitSpec['image']>
}

export interface PushedImage {
  /** Of the engine: `sha256:…` */
  readonly id: string
  readonly service: ServiceName
  /** `ghcr.io/acme/shop/web` */
  readonly name: string
}

/**
 * Images of registries, by way of a Docker engine. What is not reached, or breaks off, is tried again, three times in all. Every call throws
 * `REGISTRY_DOWN`, `REGISTRY_REFUSED`, `IMAGE_MISSING`, `PLACE_CANNOT` for an image that is made for other machines, and what the engine throws.
 */
export interface Registry {
  /**
   * `name@sha256:…` for what an image is now, seen to be there and to be made for the engine's machine. Throws `IMAGE_MOVED` for one with
   * a tag and a digest that belong together no more. An image by digest that the engine has already needs no registry.
   */
  pin(wanted: WantedImage, signal: AbortSignal): Promise<string>
  /** Sees to it that the engine has an image that is named by its digest. */
  fetch(wanted: WantedImage, signal: AbortSignal): Promise<void>
  /** Gives a registry an image of the engine, and its name there: `name@sha256:…`. The tag that this takes follows from the image, so that it never moves. */
  push(image: PushedImage, signal: AbortSignal): Promise<string>
  /** What another engine has to be sent along with an image's name, as headers, so that its registry gives it the image. */
  authorization(wanted: WantedImage, signal: AbortSignal): Promise<Readonly<Record<string, string>>>
}

export function createRegistry(options: RegistryOptions): Registry {
  const yard: Yard = { ...options, silenceMs: options.silenceMs ?? 60_000 }
  return {
    async pin(wanted, signal) {
      const reference = referenceIn(wanted.image.reference)
      const pinned = (digest: string) => `${reference.name}@${digest}`
      if (reference.tag === undefined && reference.digest !== undefined && (await isHere(yard, wanted, signal))) return pinned(reference.digest)
      const told = await look(yard, { wanted, reference }, signal)
      await assertFits(yard, { reference, platforms: told.Platforms }, signal)
      const { digest } = told.Descriptor
      if (reference.digest !== undefined && reference.digest !== digest) throw imageMoved({ reference, now: digest })
      return pinned(digest)
    },
    async fetch(wanted, signal) {
      if (await isHere(yard, wanted, signal)) return
      const reference = referenceIn(wanted.image.reference)
      const asking: Asking = { reference, to: `pull ${referenceText(reference)} for ${wanted.service}`, ...(await loginFor(yard, { wanted, reference }, signal)) }
      const { name, digest, tag = 'latest' } = reference
      await carry(yard, { asking, request: { method: 'POST', path: '/images/create', query: { fromImage: name, tag: digest ?? tag }, to: asking.to } }, signal)
    },
    push: (image, signal) => push(yard, image, signal),
    async authorization(wanted, signal) {
      const { login } = await loginFor(yard, { wanted, reference: referenceIn(wanted.image.reference) }, signal)
      return login === undefined ? {} : authHeader(login)
    },
  }
}

interface Yard extends RegistryOptions {
  readonly silenceMs: number
}

/** One thing that is asked of a registry. */
interface Asking extends ImageLogin {
  readonly reference: ImageReference
  readonly to: string
}

const distributionSchema = z.object({
  Descriptor: z.object({ digest: z.string() }),
  Platforms: z.array(z.object({ architecture: z.string(), os: z.string() })).nullish().transform((list) => list ?? []),
})
const versionSchema = z.object({ Os: z.string(), Arch: z.string() })

/** What it is called by has been read before, where whoever has written it was told. */
function referenceIn(text: string): ImageReference {
  const reference = readImageReference(text)
  if (reference === undefined) throw new PlimsollError('USAGE', `"${text}" names no image`, { hint: 'Write it as in ghcr.io/acme/web:1.2 or ghcr.io/acme/web@sha256:…' })
  return reference
}

async function isHere({ engine }: Yard, { image, service }: WantedImage, signal: AbortSignal): Promise<boolean> {
  const { status } = await engine.call({ path: `/images/${image.reference}/json`, to: `look for the image of ${service}`, also: [404] }, signal)
  return status !== 404
}

/** Asks the registry what an image is now. By its tag where it has one, or a tag that has moved would never be seen. */
async function look(yard: Yard, { wanted, reference }: { readonly wanted: WantedImage; readonly reference: ImageReference }, signal: AbortSignal): Promise<z.infer<typeof distributionSchema>> {
  const name = reference.tag === undefined ? referenceText(reference) : `${reference.name}:${reference.tag}`
  const asking: Asking = { reference, to: `ask for ${name} of ${wanted.service}`, ...(await loginFor(yard, { wanted, reference }, signal)) }
  const request: EngineRequest = { path: `/distribution/${name}/json`, to: asking.to, also: [400, 401, 403, 404, 500], headers: authHeader(asking.login) }
  const { body } = await persist(yard, { asking, attempt: async (hearing) => {
    const answer = await yard.engine.call(request, hearing.signal)
    return { ...answer, retried: false, failed: answer.status < 400 ? undefined : { said: messageIn(answer.body), status: answer.status } }
  } }, signal)
  return distributionSchema.parse(JSON.parse(body))
}

/** Those of two kinds of machine run programs of their smaller sisters. */
const alsoRuns: Readonly<Record<string, readonly string[]>> = { amd64: ['386'], arm64: ['arm'] }

/** A registry that does not say what an image is made for leaves it to the pull. */
async function assertFits({ engine }: Yard, { reference, platforms }: { readonly reference: ImageReference; readonly platforms: readonly { readonly architecture: string; readonly os: string }[] }, signal: AbortSignal): Promise<void> {
  const known = platforms.filter(({ os }) => os !== 'unknown' && os !== '')
  const { Os, Arch } = await engine.read(versionSchema, { path: '/version', to: 'say which version it is' }, signal)
  const runs = [Arch, ...(alsoRuns[Arch] ?? [])]
  if (known.length === 0 || known.some(({ os, architecture }) => os === Os && runs.includes(architecture))) return
  throw imageForeign({ reference, has: known.map(({ os, architecture }) => `${os}/${architecture}`), wanted: `${Os}/${Arch}` })
}

/** An engine wants to be told of a push that nobody vouches for it. */
function authHeader(login: RegistryLogin | undefined): Record<string, string> {
  const bytes = Buffer.from(JSON.stringify(login ?? {}))
  return { 'x-registry-auth': bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_') }
}

async function push(yard: Yard, { id, service, name }: PushedImage, signal: AbortSignal): Promise<string> {
  const { engine } = yard
  const reference = referenceIn(name)
  const tag = id.replace('sha256:', '').slice(0, 16)
  const to = `push the image of ${service} to ${name}`
  const asking: Asking = { reference, to, ...(await loginFor(yard, { reference }, signal)) }
  await engine.call({ method: 'POST', path: `/images/${id}/tag`, query: { repo: name, tag }, to }, signal)
  try {
    const { digest } = await carry(yard, { asking, request: { method: 'POST', path: `/images/${name}/push`, query: { tag }, to } }, signal)
    if (digest === undefined) throw new PlimsollError('REGISTRY_REFUSED', `The Docker engine has pushed the image of ${service} to ${name}, and does not say what it is there`, { hint: `See what is there: docker pull ${name}:${tag}` })
    return `${name}@${digest}`
  } finally {
    // The image keeps its name of ours; a name more would keep it from going when there is no room for it.
    await engine.call({ method: 'DELETE', path: `/images/${name}:${tag}`, query: { noprune: true }, to, also: [404, 409] }, AbortSignal.timeout(cleanUpMs))
  }
}

const cleanUpMs = 10_000

async function carry(yard: Yard, { asking, request }: { readonly asking: Asking; readonly request: EngineRequest }, signal: AbortSignal): Promise<Transferred> {
  return persist(yard, { asking, attempt: (hearing) => transfer(yard.engine, { ...request, headers: authHeader(asking.login) }, hearing) }, signal)
}

const pausesMs = [1_000, 3_000]

/** Tries again what was not reached or broke off, unless the engine has done so already. Throws what it was in the end. */
async function persist<T extends Pick<Transferred, 'failed' | 'retried'>>(yard: Yard, { asking, attempt }: { readonly asking: Asking; readonly attempt: (hearing: Hearing) => Promise<T> }, signal: AbortSignal): Promise<T> {
  const { silenceMs, clock } = yard
  for (let tries = 0; ; tries += 1) {
    const result = await untilSilent({ silenceMs, silent: () => registrySilent({ ...asking, silenceMs }), work: attempt }, signal)
    const { failed, retried } = result
    if (failed === undefined) return result
    const pauseMs = pausesMs[tries]
    if (kindOf(failed) !== 'down' || retried || pauseMs === undefined) throw registryFailure({ ...asking, ...failed })
    await clock.sleep(pauseMs, signal)
  }
}
