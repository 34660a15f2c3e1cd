import { PlimsollError, type Source, type UnitSpec } from '@plimsoll/model'
import type { DeploySource } from './platform.ts'

/** Those that are reached before those that reach them; who reach each other in a circle, and all else, as the Blueprint has them. */
export function deployOrder(specs: readonly UnitSpec[]): readonly UnitSpec[] {
  const ordered = new Set<UnitSpec>()
  const visiting = new Set<UnitSpec>()
  const visit = (spec: UnitSpec): void => {
    if (ordered.has(spec) || visiting.has(spec)) return
    visiting.add(spec)
    for (const name of spec.reaches) specs.filter(({ service }) => service === name).forEach(visit)
    ordered.add(spec)
  }
  specs.forEach(visit)
  return [...ordered]
}

/** What a service is to run. Throws `PLACE_CANNOT` for files that no commit holds: a platform builds from the repository. */
export function deploySourceOf({ service, image }: Pick<UnitSpec, 'service' | 'image'>, source: Source): DeploySource {
  if (image !== undefined) return { image: image.reference }
  if (source.commit !== undefined && !source.dirty) return { commit: source.commit }
  throw new PlimsollError('PLACE_CANNOT', `${service} is built there from its repository, and ${source.root} holds what no commit has`, {
    hint: 'Commit it, push it, and release again.',
  })
}
