import type { RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import { driftCheck } from './drift-check.ts'
import { migrateEmptyCheck } from './migrate-empty-check.ts'
import { migrateLiveCheck } from './migrate-live-check.ts'
import { migrateTwiceCheck } from './migrate-twice-check.ts'
import { studyMigration as study } from './migration-study.ts'
import { newWritesCheck } from './new-writes-check.ts'
import { oldOnNewCheck, raiseOldOn } from './old-on-new-check.ts'
import { shapeCheck } from './shape-check.ts'
import { twoMigratorsCheck } from './two-migrators-check.ts'

/** What is asked of pre-deploy commands, and of the schema that they leave. The live schema is migrated once for all of them. */
export function databaseChecks(): readonly RehearsalCheck[] {
  const old = raiseOldOn(study)
  return [
    migrateEmptyCheck(), migrateTwiceCheck(), twoMigratorsCheck(), migrateLiveCheck(study), shapeCheck(study), driftCheck(study),
    oldOnNewCheck(study, old), newWritesCheck(study, old),
  ]
}
