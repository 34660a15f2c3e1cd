import type { Candidate } from './check.ts'
import type { KeptRelease, ReleaseContext } from './release-context.ts'
import { runnableUnits } from './release-units.ts'

/** The units of `kept` as those see them who ask them: where they are, with what environment, from what files. */
export async function candidateOf(context: ReleaseContext, kept: KeptRelease): Promise<Candidate> {
  const units = await runnableUnits(context, kept)
  return {
    units: await Promise.all(units.map(async ({ unit, spec, environment, artifact }) => ({
      unit, spec, environment, files: artifact.files, addresses: await context.driver.addresses(context.app, unit, spec),
    }))),
  }
}
