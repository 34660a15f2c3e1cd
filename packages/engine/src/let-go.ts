import type { Traffic } from '@plimsoll/model'
import type { EdgeContext } from './release-context.ts'

/** What is in flight to a release that failed may end by itself for so long: it is stopped next, and at once. */
const grace = { requestGraceMs: 60_000, streamGraceMs: 10_000 }

/** Takes users off the release that is being made, back to what served `before`, and waits until nothing of theirs is in flight to it. Twice is once. */
export async function letGo({ app, release, fence, edge, signal }: EdgeContext, before: Traffic): Promise<void> {
  await edge.shift({ ...before, fence }, signal)
  await edge.drain({ app, release: release.number, ...grace }, signal)
}
