import { readSchema } from '../../database/schema.ts'
import { schemaChanges } from '../../database/schema-changes.ts'
import { contentsChanged, readContents } from '../../database/table-contents.ts'
import { withClient } from '../../database/with-client.ts'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { CopyDatabase } from '../../rehearsal/rehearsal.ts'
import { migrateEmpty } from './migrate-empty-check.ts'
import { migrators, noPreDeploy, raiseAtRest, runPreDeploy, stumbled } from './pre-deploy.ts'

/** A release that is tried again, or changes nothing about the schema, runs them on a database that has it all. */
export function migrateTwiceCheck(): RehearsalCheck {
  return {
    id: 'database.migrate-twice',
    title: 'The pre-deploy commands change nothing when they run again',
    concern: 'database',
    after: [migrateEmpty],
    limitMs: 120_000,
    async ask(rehearsal, signal) {
      if (migrators(rehearsal).length === 0) return [noPreDeploy]
      await using copy = await raiseAtRest(rehearsal, { databases: 'migrated' }, signal)
      const databases = Object.values(copy.databases)
      const before = await Promise.all(databases.map((each) => look(each, signal)))
      const stumble = await runPreDeploy(rehearsal, copy, signal)
      if (stumble !== undefined) {
        return [{ ...stumbled(stumble, 'when it ran a second time'), hint: 'A release that is tried again runs it on a database that has it all: let it note what it has applied, or write IF NOT EXISTS.' }]
      }
      const after = await Promise.all(databases.map((each) => look(each, signal)))
      const changed = before.flatMap((each, at) => differences(each, after[at]))
      return [changed.length === 0 ? { is: 'pass', finding: 'The second run left schema and rows as they were' } : again(changed)]
    },
  }
}

async function look({ here }: CopyDatabase, signal: AbortSignal) {
  return withClient(here, async (client) => {
    const schema = await readSchema(client)
    return { schema, contents: await readContents(client, schema) }
  }, {}, signal)
}

type Look = Awaited<ReturnType<typeof look>>

function differences(before: Look, after: Look | undefined): readonly string[] {
  if (after === undefined) return []
  return [...schemaChanges(before.schema, after.schema).map(({ what }) => what), ...contentsChanged(before.contents, after.contents).map((table) => `rows of ${table} are not as they were`)]
}

function again(changed: readonly string[]): Finding {
  return {
    is: 'fail', finding: `The second run changes the database again: ${changed[0]}${changed.length > 1 ? ` and ${changed.length - 1} more` : ''}`,
    hint: 'Every release runs it. Let it note what it has applied, and give seeds a key with ON CONFLICT DO NOTHING.',
    evidence: [{ title: 'What differs after the second run', text: changed.join('\n') }],
  }
}
