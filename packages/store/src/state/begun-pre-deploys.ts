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
    with told as materialized (
      select release, seq, step, "is" as state,
        case when step = 'plan' then jsonb_path_query_array(gives, '$.specs[*] ? (exists (@.preDeployCommand))') end as specs,
        case when step = 'compare' then gives->'keeps' end as keeps
      from plimsoll.journal cross join lateral jsonb_to_record(entry) as told (step text, "is" text, gives jsonb)
      where app = ${app} and release >= ${from} and entry->>'step' in ('plan', 'compare', 'migrate')
    ),
    planned as (select distinct on (release) release, specs from told where step = 'plan' and state = 'done' order by release, seq desc),
    compared as (select distinct on (release) release, keeps from told where step = 'compare' and state = 'done' order by release, seq desc)
    select planned.release, spec->>'service' as service, spec->>'preDeployCommand' as command
    from planned cross join lateral jsonb_array_elements(planned.specs) with ordinality as wanted (spec, place)
    where planned.release in (select release from told where step = 'migrate' and state = 'started')
      and not exists (select from compared where compared.release = planned.release and compared.keeps ? (spec->>'service'))
    order by planned.release, wanted.place`.execute(db)
  return z.array(begunSchema).parse(rows)
}
