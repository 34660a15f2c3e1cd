import { isPlimsollError, PlimsollError, serviceNameSchema, type CanaryStep, type Traffic } from '@plimsoll/model'
import { z } from 'zod'
import { releaseIn } from '../candidate.ts'
import { letGo } from '../let-go.ts'
import type { EdgeContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import { trafficOf } from '../traffic-of.ts'
import { pagesIn } from '../warm-up.ts'
import { Lookout, type LookoutParts, type Side, type Sight } from '../watch/lookout.ts'
import { shareText } from '../watch/watch-rule.ts'
import { watchedUnits } from '../watch/watched-unit.ts'
import type { Built } from './build.ts'
import type { Compared } from './compare.ts'
import type { Planned } from './plan.ts'
import type { Warmed } from './warm-candidate.ts'

const lookEveryMs = 500
const tellEveryMs = 5_000
const edgeAwayMs = 10_000
/** Where users come too seldom to judge by, a step takes up to so many times its time. */
const mostTimes = 2

/**
 * Lets a growing share of the visitors meet the candidate, and compares it meanwhile with what all others get. A service that
 * does worse ends it: everybody is back on what was live, and what they had in flight is answered first. Called again after a
 * crash it goes on with the share that the edge has.
 */
export const tryCanary: Step<EdgeContext, Planned & Built & Compared & Warmed> = {
  name: 'try-canary',
  title: 'Try it on a share of the visitors',
  gives: z.object({}),
  moment: 'share',
  async run(context, state) {
    const { app, release, edge, fence, signal, memory } = context
    const { before, warmth } = state
    if (before === null) {
      tell(context, 'This is the first release: there is nothing to compare it with')
      return {}
    }
    const candidate = releaseIn(context, state)
    const traffic = await trafficOf(context, candidate)
    const subject = { release: release.number, units: watchedUnits(traffic, { ...candidate, pages: pagesIn(warmth) }) }
    const other = { release: before.live.release, units: watchedUnits(before.live, await memory.recall(before.live.release)) }
    for (const step of stepsLeft(context, await edge.live(app, signal))) {
      await edge.shift({ ...before, fence, canary: { release: traffic, share: step.share } }, signal)
      await holdShare(context, step, { subject, other })
    }
    return {}
  },
  async undo(context, { before }) {
    if (before !== null) await letGo(context, before)
  },
}

/** Those that are not over: a share that visitors have met does not fall again. */
function stepsLeft({ release }: EdgeContext, now: Traffic | undefined): readonly CanaryStep[] {
  const met = now?.canary?.release.release === release.number ? now.canary.share : 0
  return (release.canary ?? []).filter(({ share }) => share >= met)
}

async function holdShare(context: EdgeContext, { share, forMs }: CanaryStep, sides: { readonly subject: Side; readonly other: Side }): Promise<void> {
  const { app, clock, edge, probe, signal } = context
  const parts: LookoutParts = { app, ...sides, before: undefined, windowMs: forMs * mostTimes, edge, probe, clock }
  const lookout = new Lookout(parts)
  const began = clock.now()
  let told = -Infinity
  for (;;) {
    const { look, breach } = await lookPatiently(context, lookout)
    if (breach !== undefined) throw breached(sides, share, `${breach.service}: ${breach.finding}`)
    const now = clock.now()
    const seen = look.services.filter(({ is }) => is !== 'kept').map(({ service, finding }) => `${service}: ${finding}`).join('; ')
    const isOver = now - began >= forMs && (look.services.every(({ is }) => is !== 'quiet') || now - began >= forMs * mostTimes)
    if (isOver || now - told >= tellEveryMs) {
      tell(context, `${shareText(share)} of the visitors meet it, ${Math.ceil((now - began) / 1000)} s by now: ${seen}`)
      told = now
    }
    if (isOver) return
    await clock.sleep(lookEveryMs, signal)
  }
}

/** An edge that is started again is back within a second, and serves what it served: no reason to take a release back. */
async function lookPatiently({ clock, signal }: EdgeContext, lookout: Lookout): Promise<Sight> {
  for (const until = clock.now() + edgeAwayMs; ; ) {
    try {
      return await lookout.look(signal)
    } catch (error) {
      if (signal.aborted || !isPlimsollError(error) || error.code !== 'EDGE_DOWN' || clock.now() >= until) throw error
    }
    await clock.sleep(lookEveryMs, signal)
  }
}

function breached({ subject, other }: { readonly subject: Side; readonly other: Side }, share: number, finding: string): PlimsollError {
  return new PlimsollError('CANARY_BREACHED', `With ${shareText(share)} of the visitors, release ${subject.release} did worse than release ${other.release}. ${finding}`, {
    hint: `Everybody is back on release ${other.release}.`,
  })
}

function tell({ clock, output, release }: EdgeContext, text: string): void {
  output({ at: new Date(clock.now()).toISOString(), service: serviceNameSchema.parse('plimsoll'), release: release.number, stream: 'plimsoll', text })
}
