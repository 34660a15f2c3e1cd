import { PlimsollError, type ErrorCode, type ImageReference } from '@plimsoll/model'
import { refused } from '../docker-engine/engine-failure.ts'

/** What a registry did not do, as the engine tells it. */
export interface RegistryFailure {
  readonly reference: ImageReference
  /** In the words that follow "could not": `pull ghcr.io/acme/web:1.2 for web`. */
  readonly to: string
  /** Of the engine's answer; absent for what was said within an answer that had begun well. */
  readonly status?: number
  /** In the engine's words. */
  readonly said: string
  /** What was shown to the registry, as {@link FoundLogin} tells it. */
  readonly told: string
  /** What to type where credentials of its own can be kept for the image. */
  readonly keep?: string | undefined
}

type Kind = 'refused' | 'missing' | 'foreign' | 'full' | 'untrusted' | 'down'

/** The engine hands on a registry's words without its codes, so that words are all there is where its own status says nothing. */
const words: readonly (readonly [Kind, RegExp])[] = [
  ['full', /no space left on device|disk quota exceeded/i],
  ['untrusted', /x509:|server gave HTTP response to HTTPS client|tls: /],
  ['foreign', /no matching manifest for|does not match the specified platform/i],
  ['refused', /no basic auth credentials|unauthorized|denied|forbidden|authentication required/i],
  ['missing', /manifest unknown|name unknown|not found|404 not found/i],
]

/** What a failure was: whether another try may help is for `down` alone to say. */
export function kindOf({ status, said }: Pick<RegistryFailure, 'status' | 'said'>): Kind {
  if (status === 401 || status === 403) return 'refused'
  if (status === 404) return /denied/i.test(said) ? 'refused' : 'missing'
  return words.find(([, pattern]) => pattern.test(said))?.[0] ?? 'down'
}

/** Throws nothing; gives what to throw. */
export function registryFailure(failure: RegistryFailure): PlimsollError {
  const { reference, to, said, told, keep } = failure
  const { registry } = reference
  const image = referenceText(reference)
  const login = `docker login ${registry === 'docker.io' ? '' : registry}`.trim()
  const fault = (code: ErrorCode, message: string, hint: string) => new PlimsollError(code, message, { hint, details: { image, registry, said } })
  switch (kindOf(failure)) {
    case 'full':
      return refused({ asked: to, status: 500, said })
    case 'foreign':
      return fault('PLACE_CANNOT', `The registry ${registry} has no form of ${image} for the machine of the Docker engine: ${said}`, foreignHint)
    case 'refused':
      return fault('REGISTRY_REFUSED', `The registry ${registry} refused to let the Docker engine ${to}, ${told}: ${said}`, keep === undefined ? `Log in as the user that Plimsoll runs as: ${login}` : `Keep its credentials: ${keep}. Or log in as the user that Plimsoll runs as: ${login}`)
    case 'missing':
      return fault('IMAGE_MISSING', `The registry ${registry} does not have ${image}: the Docker engine could not ${to}: ${said}`, `See it yourself: docker pull ${image}`)
    case 'untrusted':
      return fault('REGISTRY_DOWN', `The Docker engine could not ${to}, because it does not trust how the registry ${registry} encrypts: ${said}`, `Put the certificate of its authority into /etc/docker/certs.d/${registry}/ca.crt on the engine's machine; or name it in insecure-registries of its daemon.json, if nobody else is on that wire`)
    case 'down':
      return fault('REGISTRY_DOWN', `The Docker engine could not ${to}, because the registry ${registry} was not reached, or broke off: ${said}`, `What is live serves on. Try again; to see it yourself: docker pull ${image}`)
  }
}

/** For a registry that took what it was asked, and then said nothing for so long. */
export function registrySilent({ reference, to, silenceMs }: Pick<RegistryFailure, 'reference' | 'to'> & { readonly silenceMs: number }): PlimsollError {
  return new PlimsollError('REGISTRY_DOWN', `The Docker engine could not ${to}: the registry ${reference.registry} said nothing for ${Math.round(silenceMs / 1000)} s`, {
    hint: 'What is live serves on. Try again when it answers', details: { image: referenceText(reference), registry: reference.registry },
  })
}

const foreignHint = 'Build it for that machine: docker buildx build --platform linux/amd64,linux/arm64 …'

/** For an image that is made for machines of another kind alone. */
export function imageForeign({ reference, has, wanted }: { readonly reference: ImageReference; readonly has: readonly string[]; readonly wanted: string }): PlimsollError {
  return new PlimsollError('PLACE_CANNOT', `${referenceText(reference)} is made for ${has.join(', ')}, and the machine of the Docker engine is ${wanted}`, { hint: foreignHint, details: { has, wanted } })
}

/** For a tag that stood for another image when it was written down with its digest. */
export function imageMoved({ reference, now }: { readonly reference: ImageReference; readonly now: string }): PlimsollError {
  const { name, tag, digest } = reference
  return new PlimsollError('IMAGE_MOVED', `${name}:${tag} was ${digest}, and is ${now} by now: somebody has moved the tag`, {
    hint: `To release what it was: ${name}@${digest}. To release what it is: ${name}:${tag}`, details: { was: digest, now },
  })
}

/** As the engine and its client understand it. */
export function referenceText({ name, tag, digest }: ImageReference): string {
  return digest === undefined ? `${name}:${tag ?? 'latest'}` : `${name}@${digest}`
}
