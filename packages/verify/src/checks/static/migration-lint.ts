import type { Clock } from '@plimsoll/engine'
import { isPlimsollError } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { Rehearsal } from '../../rehearsal/rehearsal.ts'
import { besideLive } from '../beside-live.ts'
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
      const { files, known } = await readMigrations(paths, { root: rehearsal.source.root, candidate: Object.values(rehearsal.artifacts), live, committed: () => filesOfLive(rehearsal, readSource, signal) })
      const faults = await judgeMigrations(files, { live: live ?? [], isLive: live !== undefined, today: new Date(clock.now()).toISOString().slice(0, 10) }, signal)
      const fresh = files.filter(({ is }) => is === 'new').length
      const found = faults.map((fault) => ({ fault, finding: findingOf(fault, known) }))
      return found.length > 0 ? found.flatMap(({ fault: { rule }, finding }) => (endsBefore.has(rule) ? besideLive(rehearsal, [finding]) : [finding])) : [{ is: 'pass', finding: praise(rehearsal, files.length, fresh) }]
    },
  }
}

/** What a release with a pause is for: the live release, and it alone, does not survive it. */
const endsBefore: ReadonlySet<MigrationFault['rule']> = new Set(['rename', 'drop-column', 'drop-table', 'type-change'])

/** The files of the commits that the live release's migrating services were built from; undefined when one is not known, or is not in this clone. */
async function filesOfLive({ live, source }: Rehearsal, readSource: SourceReaders['readSource'], signal: AbortSignal): Promise<ReadonlySet<string> | undefined> {
  const migrating = live?.specs.filter(({ preDeployCommand }) => preDeployCommand !== undefined) ?? []
  const commits = new Set(migrating.map(({ service }) => live?.artifacts[service]?.commit))
  const files = new Set<string>()
  for (const commit of commits) {
    if (commit === undefined) return undefined
    try {
      const { root, blueprint } = source
      for (const file of (await readSource({ root, blueprint, commit, dirty: false }, signal)).files) files.add(file)
    } catch (error) {
      // A clone that CI makes often holds the newest commit alone.
      if (isPlimsollError(error)) return undefined
      throw error
    }
  }
  return commits.size === 0 ? undefined : files
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

