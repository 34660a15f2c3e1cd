import { listens } from '@plimsoll/model'
import { candidateOf, started } from './candidate.ts'
import { inParallel } from './in-parallel.ts'
import type { KeptRelease, ReleaseContext } from './release-context.ts'
import type { Warmth } from './warm-up.ts'

/** Warms every listening unit that `kept` does not share with an earlier release, all at once, and tells whoever watches what it brought. */
export async function warm(context: ReleaseContext, kept: KeptRelease): Promise<Warmth[]> {
  const { units } = await candidateOf(context, kept)
  const found = await inParallel(context, started(kept, units).filter(({ spec }) => listens(spec.kind)), async (unit, each) => {
    const warmth = await each.warmUp(unit, each.signal)
    if (warmth !== undefined) {
      const text = `Answers after ${warmth.requests} requests in ${warmth.lastMs} ms, at first in ${warmth.firstMs} ms`
      context.output({ at: new Date(context.clock.now()).toISOString(), service: unit.spec.service, release: kept.release, stream: 'plimsoll', text })
    }
    return warmth
  })
  return found.filter((warmth) => warmth !== undefined)
}
