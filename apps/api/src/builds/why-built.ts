import type { Artifact, InputParts, ReleaseNumber } from '@plimsoll/model'

/** One artifact with the release that it was made or taken for. */
export interface Earlier {
  readonly release: ReleaseNumber
  readonly artifact: Artifact
}

const partWords: Readonly<Record<keyof InputParts, string>> = { source: 'its files', commands: 'its commands', tools: 'the tools that build it' }

/** Why a service was built, or where what it runs was taken from, by the builds of it before, newest first. Undefined where that is not known. */
export function whyBuilt(artifact: Artifact, earlier: readonly Earlier[]): string | undefined {
  if (!artifact.fresh) return fromEarlier(artifact, earlier)
  const [last] = earlier
  if (last === undefined) return undefined
  if (last.artifact.inputs === artifact.inputs) return 'what had been built was not kept'
  const [now, before] = [artifact.parts, last.artifact.parts]
  if (now === undefined || before === undefined) return undefined
  const changed = (Object.keys(partWords) as (keyof InputParts)[]).filter((part) => now[part] !== before[part])
  return changed.length === 0 ? 'a variable has another value' : `changed since release ${last.release}: ${changed.map((part) => partWords[part]).join(', ')}`
}

function fromEarlier({ inputs }: Artifact, earlier: readonly Earlier[]): string | undefined {
  const same = earlier.find(({ artifact }) => artifact.inputs === inputs)
  return same && `the same as for release ${same.release}`
}
