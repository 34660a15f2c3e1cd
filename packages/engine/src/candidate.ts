import type { Candidate } from './check.ts'
import type { KeptRelease, ReleaseContext } from './release-context.ts'
import { runnableUnits } from './release-units.ts'
import type { Built } from './steps/build.ts'
import type { Compared } from './steps/compare.ts'
import type { Planned } from './steps/plan.ts'

/** The release that is being made, as what its steps have given so far tells it. */
export function releaseIn({ release }: Pick<ReleaseContext, 'release'>, { specs, blueprint, artifacts, keeps, fingerprints }: Planned & Built & Compared): KeptRelease {
  return { release: release.number, specs, blueprint, artifacts, keeps, fingerprints, pages: {} }
}

/** Its services that get units of their own, and are not served by units that run already. */
export function started<T extends { readonly unit: { readonly release: number } }>(kept: Pick<KeptRelease, 'release'>, units: readonly T[]): T[] {
  return units.filter(({ unit }) => unit.release === kept.release)
}

/** The units of `kept` as those see them who ask them: where they are, with what environment, from what files. */
export async function candidateOf(context: ReleaseContext, kept: KeptRelease): Promise<Candidate> {
  const units = await runnableUnits(context, kept)
  return {
    units: await Promise.all(units.map(async ({ unit, spec, environment, artifact }) => ({
      unit, spec, environment, files: artifact.files, addresses: await context.driver.addresses(context.app, unit, spec),
      reach: (address, signal) => context.reach({ app: context.app, unit, address }, signal),
    }))),
  }
}
