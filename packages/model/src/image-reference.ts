import { z } from 'zod'
import { digestSchema, type Digest } from './names.ts'

/** What names an image of a registry, read as Docker reads it. */
export interface ImageReference {
  /** As it was written, without tag and digest: `nginx`, `ghcr.io/acme/shop/web`. */
  readonly name: string
  /** Host, and port where there is one; `docker.io` for a name without. */
  readonly registry: string
  /** Absent where it was not written, which means `latest` where there is no digest either. */
  readonly tag: string | undefined
  readonly digest: Digest | undefined
}

const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const host = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?'
const nameForm = new RegExp(`^(?:${host}/)?${part}(?:/${part})*$`)
const wholeForm = /^(?<name>[^@]+?)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>[^@]+))?$/

/** Undefined for what names no image. Of digests only `sha256` is understood. */
export function readImageReference(text: string): ImageReference | undefined {
  const { name = '', tag, digest } = wholeForm.exec(text)?.groups ?? {}
  const read = digest === undefined ? undefined : digestSchema.safeParse(digest)
  if (!nameForm.test(name) || name.length > 255 || read?.success === false) return undefined
  return { name, registry: registryIn(name), tag, digest: read?.data }
}

/** A first part with a dot or a port, and `localhost`, is a host; any other belongs to the name. */
function registryIn(name: string): string {
  const [first = '', ...rest] = name.split('/')
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io'
}

const wrong = 'must name an image, as in ghcr.io/acme/web:1.2 or ghcr.io/acme/web@sha256:…'

export const imageReferenceSchema = z.string().refine((text) => readImageReference(text) !== undefined, wrong)

/** Where images are pushed to: a registry, and what comes before the names of services there. */
export const pushPrefixSchema = z.string().refine((text) => readImageReference(`${text}/service`) !== undefined, 'must name a registry and what comes before the names of services, as in ghcr.io/acme/shop')

/** What CI hands on: the images that were pushed for one state of a repository. `build --images` writes it, `release --images` reads it. */
export const imageSetSchema = z.object({
  format: z.literal(1),
  app: z.string(),
  /** Absent for a working tree with changes. */
  commit: z.string().optional(),
  /** service → its image by digest, and the digest over all that it was made from. */
  images: z.record(z.string(), z.object({ image: imageReferenceSchema, inputs: digestSchema })),
})
export type ImageSet = z.infer<typeof imageSetSchema>
