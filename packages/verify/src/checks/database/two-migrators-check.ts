import { readSchema } from '../../database/schema.ts'
import { schemaChanges } from '../../database/schema-changes.ts'
import { withClient } from '../../database/with-client.ts'
import type { RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { AppCopy, Rehearsal } from '../../rehearsal/rehearsal.ts'
import { sameNames } from '../../database/same-names.ts'
import { migrateEmpty } from './migrate-empty-check.ts'
import { migrators, noPreDeploy, raiseAtRest, runPreDeploy, stumbled } from './pre-deploy.ts'

/** Two releases at once, a service that migrates when it boots, a run that was taken for dead: all of them happen. */
export function twoMigratorsCheck(): RehearsalCheck {
  return {
    id: 'database.two-migrators',
    title: 'Two runs of the pre-deploy commands at once both end well',
    concern: 'database',
    after: [migrateEmpty],
    limitMs: 120_000,
    async ask(rehearsal, signal) {
      if (migrators(rehearsal).length === 0) return [noPreDeploy]
      await using one = await raiseAtRest(rehearsal, { databases: 'empty' }, signal)
      const other = await raiseAtRest(rehearsal, { beside: one }, signal)
      const stumbles = await Promise.all([one, other].map((copy) => runPreDeploy(rehearsal, copy, signal)))
      const stumble = stumbles.find((each) => each !== undefined)
      if (stumble !== undefined) {
        return [{ ...stumbled(stumble, 'while another run of it was under way'), hint: 'Let the second run wait for the first one: take pg_advisory_lock before looking for what is applied.' }]
      }
      const differences = await differencesToOneRun(rehearsal, one, signal)
      if (differences.length === 0) return [{ is: 'pass', finding: 'Both runs ended well, and the schema is that of one' }]
      return [{ is: 'fail', finding: `Two runs at once leave another schema than one does: ${differences[0]}`, evidence: [{ title: 'Against the schema of one run', text: differences.join('\n') }] }]
    },
  }
}

async function differencesToOneRun(rehearsal: Rehearsal, copy: AppCopy, signal: AbortSignal): Promise<readonly string[]> {
  await using single = await raiseAtRest(rehearsal, { databases: 'migrated' }, signal)
  const differences = await Promise.all(Object.values(copy.databases).map(async ({ name, here }) => {
    const of = single.databases[name]
    if (of === undefined) return []
    const [expected, found] = await Promise.all([of.here, here].map((each) => withClient(each, readSchema, {}, signal)))
    return expected === undefined || found === undefined ? [] : schemaChanges(expected, sameNames(found, expected)).map(({ what }) => what)
  }))
  return differences.flat()
}
