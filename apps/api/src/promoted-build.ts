import { stat } from 'node:fs/promises'
import { publicValuesOf } from '@plimsoll/drivers'
import { builtIn, type Driver } from '@plimsoll/engine'
import { PlimsollError, type Artifact, type Source } from '@plimsoll/model'
import type { Store } from '@plimsoll/store'

type Build = Driver['build']

/** How a release comes by its artifacts: as `build` makes them, or, for one that is promoted, by what ran there. Nothing is built then. */
export function buildFor({ store }: { readonly store: Pick<Store, 'journalOf'> }, { promotedFrom }: Source, build: Build): Build {
  if (promotedFrom === undefined) return build
  const { app, release } = promotedFrom
  return async ({ spec: { service }, environment }) => {
    const artifact = builtIn(await store.journalOf(app, release, 0).read())?.[service]
    if (artifact === undefined || !(await isThere(artifact))) {
      throw new PlimsollError('NOT_PROMOTABLE', `What ${service} ran in release ${release} of ${app} is not kept any more`, { hint: `Release it there again, and promote that: plimsoll release --app ${app}` })
    }
    assertSameInside(artifact, environment)
    const { waitedMs: _, ...same } = artifact
    return { ...same, fresh: false, buildMs: 0 }
  }
}

/** An image is for its engine to find, which says so where it cannot. */
async function isThere({ files, image }: Artifact): Promise<boolean> {
  return image !== undefined || stat(files).then((found) => found.isDirectory(), () => false)
}

/** Addresses are known only here: those that a Blueprint leads into pages differ between places that have ports of their own. */
function assertSameInside({ service, publicValues }: Artifact, environment: Readonly<Record<string, string>>): void {
  const here = publicValuesOf(environment)
  const names = [...new Set([...Object.keys(publicValues), ...Object.keys(here)])].filter((key) => publicValues[key] !== here[key]).toSorted()
  if (names.length > 0) throw builtInside(names.map((key) => `${key} of ${service}`))
}

/** For variables that would have another value where the artifacts go to: `KEY of service`, one each. */
export function builtInside(names: readonly string[]): PlimsollError {
  return new PlimsollError('NOT_PROMOTABLE', `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} built into the artifacts, and would have another value here`, {
    hint: 'Read such values when the service runs, from a variable that does not begin with NEXT_PUBLIC_, or let both places have the same. Or build for this place: plimsoll release --to PLACE',
    details: { variables: names },
  })
}
