import { finishedSteps } from '@plimsoll/engine'
import { releaseDetailSchema, verdictSchema, type JournalEntry, type Release, type SchemaChanges, type Verdict } from '@plimsoll/model'
import { z } from 'zod'

/** The check that says it of every proof; all of its evidence is one list. */
const shape = 'database.shape'

/** What the pre-deploy commands of a release change in its databases, as that was found in its throw-away copy. */
export function schemaChangesOf({ number, unproven }: Release, journal: readonly JournalEntry[]): SchemaChanges {
  const verdict = verdictsOfProof(journal).find(({ check }) => check === shape)
  if (verdict === undefined || verdict.is === 'inconclusive') {
    const why = verdict?.finding ?? (unproven === undefined ? 'It was not tried in a throw-away copy' : 'It was released unproven, so that nobody has tried what it changes')
    return { release: number, isKnown: false, finding: why, hurts: false, changes: [] }
  }
  const changes = (verdict.evidence ?? []).flatMap(({ text }) => text?.split('\n') ?? [])
  return { release: number, isKnown: true, finding: verdict.finding, hurts: verdict.is === 'fail', changes }
}

const provenSchema = z.object({ proof: releaseDetailSchema.shape.proof })
const refusedSchema = z.object({ verdicts: z.array(verdictSchema) })

/** Of a proof that did not pass they stand in the problem. */
function verdictsOfProof(journal: readonly JournalEntry[]): readonly Verdict[] {
  const passed = [...finishedSteps(journal).values()].flatMap((gives) => provenSchema.safeParse(gives).data?.proof?.verdicts ?? [])
  if (passed.length > 0) return passed
  const problem = journal.findLast((entry) => entry.is === 'failed')?.problem
  return refusedSchema.safeParse(problem?.details ?? {}).data?.verdicts ?? []
}
