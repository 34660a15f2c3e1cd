import { PlimsollError, type AppName, type JournalEntry, type ReleaseNumber, type UnitSpec } from '@plimsoll/model'
import { begunSteps, finishedSteps } from '../past.ts'
import { plannedIn } from '../planned-in.ts'
import { deployInOrder } from '../steps/deploy-in-order.ts'
import { noteDeploys } from '../steps/note-deploys.ts'
import { plan } from '../steps/plan.ts'
import { settle } from '../steps/settle.ts'
import { survey } from '../steps/survey.ts'

/** What a release has written down where a platform deploys: by this its deploys are found again. */
export interface SettledThere {
  readonly specs: readonly UnitSpec[]
  /** The services that it had deployed; the others served on. */
  readonly deployed: readonly string[]
  /** service → the deploy that was live before it. */
  readonly served: Readonly<Record<string, string | null>>
  /** service → the newest deploy before any of its own. */
  readonly marks: Readonly<Record<string, string | null>>
}

/** The steps whose entries {@link settledIn} and {@link begunDeploysIn} read. */
export const settledSteps: readonly string[] = [plan, survey, noteDeploys, settle, deployInOrder].map(({ name }) => name)

/** Reads it from the release's own journal. Throws `NOTHING_TO_ROLL_BACK` for one that has not put all of its services live, or had none to deploy. */
export function settledIn(past: readonly JournalEntry[], { app, release }: { readonly app: AppName; readonly release: ReleaseNumber }): SettledThere {
  const finished = finishedSteps(past)
  const planned = plannedIn(past)
  const [surveyed, noted, settled] = [finished.get(survey.name), finished.get(noteDeploys.name), finished.get(settle.name)]
  if (planned === undefined || surveyed === undefined || noted === undefined || settled === undefined || !finished.has(deployInOrder.name)) {
    throw new PlimsollError('NOTHING_TO_ROLL_BACK', `Release ${release} of ${app} has deployed nothing to its end, so there is no deploy of it to go back to`, {
      hint: `Name another release, or release its commit again (see them: plimsoll status --app ${app})`,
    })
  }
  return { specs: planned.specs, deployed: deployedBy(surveyed, settled), served: noteDeploys.gives.parse(noted).served, marks: settle.gives.parse(settled).marks }
}

/** Whether a release went where a platform builds by itself, so that no artifact of it is known. */
export function wentInPlace(past: readonly JournalEntry[]): boolean {
  return begunSteps(past).has(survey.name)
}

/** Those of its services that a release has begun to deploy, whatever became of it. */
export function begunDeploysIn(past: readonly JournalEntry[]): readonly UnitSpec[] {
  const finished = finishedSteps(past)
  const [surveyed, settled] = [finished.get(survey.name), finished.get(settle.name)]
  if (surveyed === undefined || settled === undefined || !begunSteps(past).has(deployInOrder.name)) return []
  const deployed = deployedBy(surveyed, settled)
  return (plannedIn(past)?.specs ?? []).filter(({ service }) => deployed.includes(service))
}

function deployedBy(surveyed: unknown, settled: unknown): readonly string[] {
  return [...new Set([...survey.gives.parse(surveyed).behind, ...settle.gives.parse(settled).touched])]
}
