import { unitSpecs } from '@plimsoll/blueprint'
import type { Release } from '@plimsoll/model'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { blueprintText } from '../blueprint-text.ts'
import { imagesFor, type GivenImages } from '../images-for.ts'
import { readBlueprint } from '../wiring.ts'
import { beginRelease, type BegunRelease } from './begin-release.ts'

/** Starts a release of what `root` holds now; makes the app if it is new. Throws `NO_BLUEPRINT`, `BLUEPRINT_INVALID`, `SOURCE_UNREADABLE`, `RELEASE_LOCKED`, `PLACE_CANNOT`, and for images that are not of this source `USAGE`. If `signal` fires before it returns, no release goes live. */
export async function startRelease(
  parts: { readonly services: Services; readonly runner: ReleaseRunner },
  wanted: BegunRelease & { readonly root: string; readonly blueprint: string } & GivenImages,
  signal: AbortSignal,
): Promise<Release> {
  const { root, blueprint } = wanted
  const found = await parts.services.readSource(root, blueprint)
  // A Blueprint that cannot be read is refused here, and so are images that are not of it: they are not worth a release number.
  const images = imagesFor({ specs: unitSpecs(readBlueprint(await blueprintText(found), blueprint)), source: found, given: wanted })
  return beginRelease(parts, { ...wanted, source: { ...found, ...(images !== undefined && { images }) } }, signal)
}
