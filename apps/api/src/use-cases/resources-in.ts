import { finishedSteps } from '@plimsoll/engine'
import { wantedResourcesSchema, type JournalEntry, type ResourceView } from '@plimsoll/model'
import { z } from 'zod'

const plannedSchema = z.object({ wanted: wantedResourcesSchema })

/** What a release uses that outlives it, by its journal. */
export function resourcesIn(past: readonly JournalEntry[]): ResourceView[] {
  return [...finishedSteps(past).values()].flatMap((gives) => {
    const wanted = plannedSchema.safeParse(gives).data?.wanted
    return [
      ...(wanted?.databases ?? []).map(({ name }) => ({ name, kind: 'database' as const })),
      ...(wanted?.keyValues ?? []).map(({ name }) => ({ name, kind: 'keyvalue' as const })),
    ]
  })
}
