import type { Artifact, JournalEntry } from '@plimsoll/model'
import { finishedSteps } from './past.ts'
import { build } from './steps/build.ts'

/** service → what a release built, by its journal; undefined for one that did not come so far. */
export function builtIn(past: readonly JournalEntry[]): Readonly<Record<string, Artifact>> | undefined {
  const built = finishedSteps(past).get(build.name)
  return built && build.gives.parse(built).artifacts
}
