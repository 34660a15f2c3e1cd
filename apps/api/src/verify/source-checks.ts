import { looksSecret, nearest, parseBlueprint } from '@plimsoll/blueprint'
import { readSourceCode } from '@plimsoll/drivers'
import type { Clock } from '@plimsoll/engine'
import { artifactChecks, staticChecks, type RehearsalCheck, type SourceReaders } from '@plimsoll/verify/rehearse'

/** The questions of a verification that need no running copy, with this Plimsoll's readers of Blueprints and sources. `nodeVersion` is that of the Node that runs services. */
export function sourceChecks(clock: Clock, nodeVersion: string): readonly RehearsalCheck[] {
  const readers: SourceReaders = { readBlueprint: parseBlueprint, looksSecret, nearest, readSource: readSourceCode }
  return [...staticChecks({ ...readers, clock, nodeVersion }), ...artifactChecks(readers)]
}
