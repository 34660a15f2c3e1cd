import type { Traffic } from '@plimsoll/model'
import type { EdgeContext } from './release-context.ts'
import { usualGrace } from './retire.ts'

/** Takes users off the release that is being made, back to what served `before`, and waits until nothing of theirs is in flight to it: it is stopped next, and at once. Twice is once. */
export async function letGo({ app, release, fence, edge, signal }: EdgeContext, before: Traffic): Promise<void> {
  await edge.shift({ ...before, fence }, signal)
  await edge.drain({ app, release: release.number, ...usualGrace }, signal)
}
