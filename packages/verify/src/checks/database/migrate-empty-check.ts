import { isPlimsollError } from '@plimsoll/model'
import type { RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import { failureOf } from '../failure-of.ts'
import { migrators, noPreDeploy, raiseAtRest } from './pre-deploy.ts'

export const migrateEmpty = 'database.migrate-empty'

/** Makes the databases that all copies are clones of, so that it costs nothing that would not be done anyway. */
export function migrateEmptyCheck(): RehearsalCheck {
  return {
    id: migrateEmpty,
    title: 'The pre-deploy commands make a database from nothing',
    concern: 'database',
    limitMs: 180_000,
    async ask(rehearsal, signal) {
      const commands = migrators(rehearsal)
      if (commands.length === 0) return [noPreDeploy]
      const began = performance.now()
      try {
        await using _made = await raiseAtRest(rehearsal, { databases: 'migrated' }, signal)
      } catch (error) {
        if (!isPlimsollError(error) || error.code !== 'MIGRATION_FAILED') throw error
        return [failureOf(error)]
      }
      return [{ is: 'pass', finding: `${commands.map(({ preDeployCommand }) => preDeployCommand).join(' and ')} on an empty database: ${((performance.now() - began) / 1000).toFixed(1)} s` }]
    },
  }
}
