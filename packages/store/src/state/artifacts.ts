import { type AppName, type Artifact, artifactSchema, type ReleaseNumber } from '@plimsoll/model'
import type { Kysely } from 'kysely'
import { toJson } from './json.ts'
import type { Tables } from './tables.ts'

/** Which artifact each service of a release runs. */
export interface Artifacts {
  /** The last choice for a service stands. */
  choose(app: AppName, release: ReleaseNumber, artifact: Artifact): Promise<void>
  /** service name → artifact. */
  of(app: AppName, release: ReleaseNumber): Promise<Readonly<Record<string, Artifact>>>
}

export function artifactsIn(db: Kysely<Tables>): Artifacts {
  return {
    async choose(app, release, chosen) {
      const artifact = toJson(chosen)
      await db
        .insertInto('plimsoll.artifacts')
        .values({ app, release, service: chosen.service, artifact })
        .onConflict((it) => it.columns(['app', 'release', 'service']).doUpdateSet({ artifact }))
        .execute()
    },
    async of(app, release) {
      const rows = await db.selectFrom('plimsoll.artifacts').select(['service', 'artifact']).where('app', '=', app).where('release', '=', release).orderBy('service').execute()
      return Object.fromEntries(rows.map(({ service, artifact }) => [service, artifactSchema.parse(artifact)]))
    },
  }
}
