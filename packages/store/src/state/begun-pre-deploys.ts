import { releaseNumberSchema, serviceNameSchema, type AppName } from '@plimsoll/model'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import type { Tables } from './tables.ts'

/** A pre-deploy command that a release has begun, whatever became of it. */
export type BegunPreDeploy = z.infer<typeof begunSchema>

const begunSchema = z.object({ release: releaseNumberSchema, service: serviceNameSchema, command: z.string() })

/**
 * Those of the releases of `app` from `from` on, oldest first, and of each in the order of its Blueprint. What a release kept as it was has run none. Read by the
 * database out of the journals: they hold some hundred times more than these few words.
 */
export async function begunPreDeploys(db: Kysely<Tables>, { app, from }: { readonly app: AppName; readonly from: number }): Promise<readonly BegunPreDeploy[]> {
  const { rows } = await sql<unknown>`
    with told as (
      select release,
        (array_agg(jsonb_path_query_array(gives, '$.specs[*] ? (exists (@.preDeployCommand))') order by seq desc) filter (where step = 'plan' and "is" = 'done'))[1] as specs,
        (array_agg(gives->'keeps' order by seq desc) filter (where step = 'compare' and "is" = 'done'))[1] as keeps
      from plimsoll.journal cross join lateral jsonb_to_record(entry) as told (step text, "is" text, gives jsonb)
      where app = ${app} and release >= ${from} and entry->>'step' in ('plan', 'compare', 'migrate')
      group by release having bool_or(step = 'migrate' and "is" = 'started')
    )
    select release, spec->>'service' as service, spec->>'preDeployCommand' as command
    from told cross join lateral jsonb_array_elements(specs) with ordinality as wanted (spec, place)
    where not coalesce(keeps ? (spec->>'service'), false)
    order by release, place`.execute(db)
  return z.array(begunSchema).parse(rows)
}
