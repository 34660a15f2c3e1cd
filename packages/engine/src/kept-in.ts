import { PlimsollError, type AppName, type JournalEntry, type ReleaseNumber } from '@plimsoll/model'
import { builtIn } from './built-in.ts'
import { finishedSteps } from './past.ts'
import { plannedIn } from './planned-in.ts'
import type { KeptRelease } from './release-context.ts'
import { build } from './steps/build.ts'
import { compare } from './steps/compare.ts'
import { plan } from './steps/plan.ts'
import { warmCandidate } from './steps/warm-candidate.ts'
import { pagesIn } from './warm-up.ts'

/** The steps whose gifts {@link keptIn} reads: of a journal their ends are enough for it. */
export const keptSteps: readonly string[] = [plan, build, compare, warmCandidate].map(({ name }) => name)

/** A release as it can be run again, read from its own journal: there is no second record that could disagree. Throws `NOT_FOUND` when it was never built. */
export function keptIn(past: readonly JournalEntry[], which: { readonly app: AppName; readonly release: ReleaseNumber }): KeptRelease {
  const finished = finishedSteps(past)
  const planned = plannedIn(past)
  const artifacts = builtIn(past)
  if (planned === undefined || artifacts === undefined) {
    throw new PlimsollError('NOT_FOUND', `Release ${which.release} of ${which.app} was never built, so it cannot be run`, { hint: `See its releases: plimsoll status --app ${which.app}` })
  }
  const { blueprint, specs } = planned
  const compared = finished.get(compare.name)
  const { keeps, fingerprints } = compared === undefined ? { keeps: {}, fingerprints: {} } : compare.gives.parse(compared)
  const warmed = finished.get(warmCandidate.name)
  const pages = warmed === undefined ? {} : pagesIn(warmCandidate.gives.parse(warmed).warmth)
  return { release: which.release, blueprint, specs, artifacts, keeps, fingerprints, pages }
}
