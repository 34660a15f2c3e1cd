import type { Visit } from './start-visitors.ts'

/** The releases that a visitor met, in order, one entry for each change. Answers that name none are left out. */
export function sidesOf({ hops }: Visit): number[] {
  const releases = hops.map(({ servedBy }) => Number(/-r(\d+)/.exec(servedBy ?? '')?.[1])).filter((release) => !Number.isNaN(release))
  return releases.filter((release, i) => release !== releases[i - 1])
}
