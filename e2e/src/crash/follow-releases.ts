import type { ReleaseDetail } from '@plimsoll/model'
import type { CrashWorld } from './crash-world.ts'

/** A function that gives all releases which have begun since it was called last, oldest first. The list of the API has an end: it is called after each case, at rest. */
export async function followReleases(world: CrashWorld): Promise<() => Promise<ReleaseDetail[]>> {
  let known = (await world.releases())[0]?.number ?? 0
  return async () => {
    const numbers = (await world.releases()).map(({ number }) => number).filter((number) => number > known)
    known = Math.max(known, ...numbers)
    return Promise.all(numbers.toReversed().map((number) => world.detail(number)))
  }
}
