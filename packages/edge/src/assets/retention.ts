import type { ReleaseNumber } from '@plimsoll/model'

const keptReleases = 5
const keptMs = 24 * 60 * 60 * 1000

/**
 * The releases whose assets may go when there is no room for them: beyond the newest five, and replaced more than 24 hours
 * ago. A release is replaced when its successor is published. `inUse` are never among them.
 */
export function expiredReleases(
  published: ReadonlyMap<ReleaseNumber, Date>,
  inUse: ReadonlySet<ReleaseNumber>,
  now: Date,
): ReleaseNumber[] {
  const newestFirst = [...published].sort(([a], [b]) => b - a)
  return newestFirst
    .filter(([release], index) => {
      const replacedAt = newestFirst[index - 1]?.[1]
      return index >= keptReleases && !inUse.has(release) && replacedAt !== undefined && now.getTime() - replacedAt.getTime() > keptMs
    })
    .map(([release]) => release)
}
