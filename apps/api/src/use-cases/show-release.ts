import { finishedSteps } from '@plimsoll/engine'
import { artifactSchema, releaseDetailSchema, releaseNumberSchema, verdictSchema, type AppName, type JournalEntry, type ReleaseDetail, type ReleaseNumber, type Verdict } from '@plimsoll/model'
import { z } from 'zod'
import type { Services } from '../services.ts'
import { findRelease } from './watch-release.ts'

const givenSchema = z.object({
  artifacts: z.record(z.string(), artifactSchema).optional(),
  verdicts: z.array(verdictSchema).optional(),
  keeps: z.record(z.string(), releaseNumberSchema).optional(),
  proof: releaseDetailSchema.shape.proof,
})

/** One release with all that is known of it. Throws `NOT_FOUND`. */
export async function showRelease(services: Services, app: AppName, number: ReleaseNumber): Promise<ReleaseDetail> {
  const release = await findRelease(services, app, number)
  const journal = await services.store.journalOf(app, number, 0).read()
  const given = [...finishedSteps(journal).values()].map((gives) => givenSchema.parse(gives))
  const passed = given.flatMap(({ verdicts }) => verdicts ?? [])
  return {
    release,
    journal: [...journal],
    artifacts: given.flatMap(({ artifacts }) => Object.values(artifacts ?? {})),
    verdicts: passed.length > 0 ? passed : failedVerdicts(journal),
    ...proofIn(given),
    keeps: given.find(({ keeps }) => keeps !== undefined)?.keeps ?? {},
  }
}

/** A step that failed gave nothing: what the checks said then stands in its problem. */
function failedVerdicts(journal: readonly JournalEntry[]): Verdict[] {
  const problem = journal.findLast((entry) => entry.is === 'failed')?.problem
  return givenSchema.safeParse(problem?.details ?? {}).data?.verdicts ?? []
}

function proofIn(given: readonly z.infer<typeof givenSchema>[]): Pick<ReleaseDetail, 'proof'> {
  const proof = given.find((each) => each.proof !== undefined)?.proof
  return proof === undefined ? {} : { proof }
}
