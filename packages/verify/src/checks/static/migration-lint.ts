import type { Clock } from '@plimsoll/engine'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { Rehearsal } from '../../rehearsal/rehearsal.ts'
import type { SourceReaders } from '../source-code.ts'
import { judgeMigrations, type MigrationFault } from './judge-migrations.ts'
import { migrationPaths, readMigrations } from './migration-files.ts'

/** What new migrations do to tables that are in use: nothing that fails on rows, that makes users wait, or that the live release does not survive. */
export function migrationLint({ readSource, clock }: Pick<SourceReaders, 'readSource'> & { readonly clock: Clock }): RehearsalCheck {
  return {
    id: 'database.migration-lint',
    title: 'New migrations are safe for tables that are in use',
    concern: 'database',
    limitMs: 30_000,
    async ask(rehearsal, signal) {
      const { files: all } = await readSource(rehearsal.source, signal)
      const paths = migrationPaths(all)
      if (paths.length === 0) return [{ is: 'skipped', finding: 'The repository has no SQL migrations that are known as such' }]
      const live = rehearsal.live === undefined ? undefined : Object.values(rehearsal.live.artifacts)
      const { files, known } = await readMigrations(paths, { root: rehearsal.source.root, candidate: Object.values(rehearsal.artifacts), live })
      const faults = await judgeMigrations(files, { live: live ?? [], isLive: live !== undefined, today: new Date(clock.now()).toISOString().slice(0, 10) }, signal)
      const fresh = files.filter(({ is }) => is === 'new').length
      return faults.length > 0 ? faults.map((fault) => findingOf(fault, known)) : [{ is: 'pass', finding: praise(rehearsal, files.length, fresh) }]
    },
  }
}

function praise({ live }: Rehearsal, all: number, fresh: number): string {
  if (live === undefined) return `${counted(all)} readable. Nothing is live, so every table is empty, and nothing that is done to it makes anybody wait`
  return fresh === 0 ? `No migration is new against release ${live.release}` : `${counted(fresh)} new against release ${live.release}, and safe for the tables that are in use`
}

function counted(count: number): string {
  return count === 1 ? 'One migration is' : `${count} migrations are`
}

function findingOf({ path, line, rule, what, hint, statement, mild }: MigrationFault, known: boolean): Finding {
  // Which migrations are new is then a guess, and nobody is accused on a guess.
  const isAdvice = mild === true || (!known && rule !== 'syntax')
  return {
    is: 'fail',
    ...(isAdvice && { weight: 'advice' }),
    finding: `${path}:${line} ${rule}: ${what}`,
    hint: `${hint}${rule === 'syntax' || rule === 'edited' ? '' : ` Where you know better: -- plimsoll: allow ${rule} until YYYY-MM-DD because …`}`,
    reproduce: `sed -n ${line},${line + statement.split('\n').length - 1}p ${path}`,
    evidence: [{ title: `${path}:${line}`, text: statement }],
  }
}

