import type { JournalEntry } from '@plimsoll/model'
import { finishedSteps } from './past.ts'
import { plan, type Planned } from './steps/plan.ts'

/** What the Blueprint of a release asked for, by its journal; undefined for one whose Blueprint could not be read. */
export function plannedIn(past: readonly JournalEntry[]): Planned | undefined {
  const planned = finishedSteps(past).get(plan.name)
  return planned && plan.gives.parse(planned)
}
