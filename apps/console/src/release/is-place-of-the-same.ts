import { previewOf, type AppView } from '@plimsoll/model'

/**
 * Whether what is live in one app can be meant for another: both were released from one directory, or one was promoted from the other before. A place in which nothing was ever
 * live says nothing of the kind; its first release is made by the command line, which reads the names of places. Nor is a preview one: it is gone in days.
 */
export function isPlaceOfTheSame(one: AppView, other: AppView): boolean {
  const [there, here] = [one.live?.source, other.live?.source]
  if (one.name === other.name || there === undefined || here === undefined || one.place !== other.place) return false
  if (previewOf(one) !== undefined || previewOf(other) !== undefined) return false
  return there.promotedFrom?.app === other.name || here.promotedFrom?.app === one.name || there.root === here.root
}
