import type { RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import { migrateLive } from './migrate-live-check.ts'
import { hurtful, nothingLive, type StudyMigration } from './migration-study.ts'
import { migrators, noPreDeploy } from './pre-deploy.ts'

/** What else has gone wrong is often explained by one line of it. */
export function shapeCheck(study: StudyMigration): RehearsalCheck {
  return {
    id: 'database.shape',
    title: 'The schema changes in no way that code of before can meet',
    concern: 'database',
    after: [migrateLive],
    limitMs: 120_000,
    async ask(rehearsal, signal) {
      if (migrators(rehearsal).length === 0) return [noPreDeploy]
      if (rehearsal.live === undefined) return [{ is: 'skipped', finding: nothingLive }]
      const studied = await study(rehearsal, signal)
      const all = studied.databases.flatMap(({ changes }) => changes.map(({ what }) => what))
      const hurting = hurtful(studied)
      const evidence = all.length === 0 ? {} : { evidence: [{ title: 'What the pre-deploy commands change', text: all.join('\n') }] }
      if (hurting.length === 0) return [{ is: 'pass', finding: all.length === 0 ? 'The schema stays as it is' : `It only grows: ${all.length === 1 ? all[0] : `${all.length} things are new`}`, ...evidence }]
      return [{
        is: 'fail', weight: 'advice', finding: `The live release can meet what changes: ${hurting.slice(0, 3).join('; ')}${hurting.length > 3 ? ` and ${hurting.length - 3} more` : ''}`,
        hint: 'For the seconds of a release, and after going back, code of before runs on the new schema. Add first, and remove a release later.', ...evidence,
      }]
    },
  }
}
