import { sameNames } from '../../database/same-names.ts'
import { schemaChanges } from '../../database/schema-changes.ts'
import type { RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import { migrateLive } from './migrate-live-check.ts'
import { nothingLive, type StudyMigration } from './migration-study.ts'
import { migrators, noPreDeploy } from './pre-deploy.ts'

/** A rehearsal is worth what its schema is worth: somebody may have changed the live one by hand. */
export function driftCheck(study: StudyMigration): RehearsalCheck {
  return {
    id: 'database.drift',
    title: 'What is live has the schema that its own pre-deploy commands make',
    concern: 'database',
    after: [migrateLive],
    limitMs: 60_000,
    async ask(rehearsal, signal) {
      if (migrators(rehearsal).length === 0) return [noPreDeploy]
      if (rehearsal.live === undefined) return [{ is: 'skipped', finding: nothingLive }]
      const { databases } = await study(rehearsal, signal)
      const live = await rehearsal.liveSchemas(signal).catch((error: unknown) => {
        signal.throwIfAborted()
        return error instanceof Error ? error : new Error(String(error))
      })
      if (live instanceof Error) return [{ is: 'skipped', finding: `The live databases cannot be looked into from here: ${live.message}` }]
      const compared = databases.flatMap(({ name, before }) => {
        const found = live[name]
        return found === undefined ? [] : [{ name, differences: schemaChanges(before, sameNames(found, before)).map(({ what }) => what) }]
      })
      if (compared.length === 0) return [{ is: 'skipped', finding: 'No live database can be looked into from here' }]
      const differing = compared.filter(({ differences }) => differences.length > 0)
      if (differing.length === 0) return [{ is: 'pass', finding: `${compared.map(({ name }) => name).join(', ')}: as its pre-deploy commands make it` }]
      return differing.map(({ name, differences }) => ({
        is: 'fail', weight: 'advice', finding: `${name} is not as the live release's pre-deploy commands make it: ${differences[0]}${differences.length > 1 ? ` and ${differences.length - 1} more` : ''}`,
        hint: 'Somebody has changed it by hand, or a migration was edited after it had been applied. Whatever is rehearsed here runs on the schema of the migrations.',
        evidence: [{ title: 'From the schema of the migrations to what is live', text: differences.join('\n') }],
      }))
    },
  }
}
