import { PlimsollError, type ImageSet, type Source, type UnitSpec } from '@plimsoll/model'

/** What a release is given in place of building. */
export interface GivenImages {
  /** Of everything that the source is built to. */
  readonly imageSet?: ImageSet | undefined
  /** Of single services; they go before those of the set. */
  readonly images?: Readonly<Record<string, string>> | undefined
}

/**
 * service → the image that it is to run, as it was written; undefined when nothing was given. Throws `USAGE` for images of services that are not
 * there or run none, and for a set that is of another commit, or leaves out a service that would have to be built.
 */
export function imagesFor({ specs, source, given: { imageSet, images = {} } }: { readonly specs: readonly UnitSpec[]; readonly source: Source; readonly given: GivenImages }): Record<string, string> | undefined {
  const all = { ...Object.fromEntries(Object.entries(imageSet?.images ?? {}).map(([service, { image }]) => [service, image])), ...images }
  if (Object.keys(all).length === 0 && imageSet === undefined) return undefined
  const services = specs.map(({ service }) => String(service))
  const strange = Object.keys(all).filter((service) => !services.includes(service))
  if (strange.length > 0) throw new PlimsollError('USAGE', `${source.blueprint} has no service ${strange.join(', ')} that could run an image`, { hint: `It has: ${services.join(', ')}` })
  if (imageSet !== undefined) assertIsOf(imageSet, { specs, source, all })
  return all
}

function assertIsOf({ commit }: ImageSet, { specs, source, all }: { readonly specs: readonly UnitSpec[]; readonly source: Source; readonly all: Readonly<Record<string, string>> }): void {
  if (commit !== undefined && (source.commit !== commit || source.dirty)) {
    const here = source.commit === undefined ? 'no commit' : `${source.commit.slice(0, 12)}${source.dirty ? ' with uncommitted changes' : ''}`
    throw new PlimsollError('USAGE', `The images were built from ${commit.slice(0, 12)}, and ${source.root} holds ${here}`, {
      hint: `Release them with the Blueprint that they were built by: git checkout ${commit.slice(0, 12)}. Or name each: --image SERVICE=REFERENCE`,
    })
  }
  const left = specs.filter(({ service, image }) => image === undefined && all[service] === undefined)
  if (left.length > 0) {
    throw new PlimsollError('USAGE', `The set of images has none of ${left.map(({ service }) => service).join(', ')}, which would have to be built`, { hint: 'Push all of them: plimsoll build --oci --push …. Or name the missing ones: --image SERVICE=REFERENCE' })
  }
}
