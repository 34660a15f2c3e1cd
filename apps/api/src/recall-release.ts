import { keptIn, keptSteps, type KeptRelease } from '@plimsoll/engine'
import type { ReleaseKey, Store } from '@plimsoll/store'

/** A release as it can be run again, read from the few entries of its journal that say so. Throws `NOT_FOUND` when it was never built. */
export async function recallRelease({ manyReleases }: { readonly manyReleases: Pick<Store['manyReleases'], 'stepsOf'> }, which: ReleaseKey): Promise<KeptRelease> {
  return keptIn((await manyReleases.stepsOf([which], keptSteps))(which), which)
}
