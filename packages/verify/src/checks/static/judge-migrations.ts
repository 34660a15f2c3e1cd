import type { Artifact } from '@plimsoll/model'
import { emptySchema, learn, type KnownSchema } from './known-schema.ts'
import { exemptionsOf } from './migration-exemptions.ts'
import type { MigrationFile } from './migration-files.ts'
import { dangersIn, type Danger, type MigrationRule } from './migration-rules.ts'
import { lineAt, readSql, type SqlStatement } from './read-sql.ts'
import { spokenOf } from './spoken-of.ts'

export interface MigrationFault {
  readonly path: string
  readonly line: number
  readonly rule: MigrationRule | 'syntax' | 'edited'
  readonly what: string
  readonly hint: string
  readonly statement: string
  /** It is not sure, and so blocks nothing. */
  readonly mild?: true
}

export interface Judgement {
  readonly live: readonly Artifact[]
  /** False where nothing is live: then every table is empty, and only what cannot be read at all is a fault. */
  readonly isLive: boolean
  /** `2026-11-27` */
  readonly today: string
}

/** What is wrong with the migrations, in their order. */
export async function judgeMigrations(files: readonly MigrationFile[], judgement: Judgement, signal: AbortSignal): Promise<MigrationFault[]> {
  const schema = emptySchema()
  const faults: MigrationFault[] = []
  const views = new Set<string>()
  const suspected: { readonly fault: MigrationFault; readonly danger: Danger }[] = []
  for (const file of files) {
    const read = await readSql(file.sql)
    if ('fault' in read) {
      if (file.is !== 'applied') faults.push(...syntaxFault(file, read))
      continue
    }
    if (file.is === 'edited' && !(await saysTheSame(file, read.statements))) faults.push(edited(file))
    let previousEnd = 0
    for (const statement of read.statements) {
      const isNew = file.is === 'new'
      if ('ViewStmt' in statement.node) views.add(statement.node.ViewStmt.view?.relname ?? '')
      if (isNew && judgement.isLive) suspected.push(...suspicions({ file, statement, previousEnd, schema, today: judgement.today }))
      learn(schema, statement.node, isNew)
      previousEnd = statement.end
    }
  }
  for (const { fault, danger } of suspected) {
    // Under the old name there is a view from now on.
    if (danger.rule === 'rename' && danger.gone !== undefined && views.has(danger.gone)) continue
    const kept = danger.gone === undefined ? fault : await stillSpokenOf(fault, danger.gone, judgement.live, signal)
    if (kept !== undefined) faults.push(kept)
  }
  return faults
}

interface Scene {
  readonly file: MigrationFile
  readonly statement: SqlStatement
  readonly previousEnd: number
  readonly schema: KnownSchema
  readonly today: string
}

function suspicions({ file: { path, sql }, statement, previousEnd, schema, today }: Scene): { fault: MigrationFault; danger: Danger }[] {
  const dangers = dangersIn(statement.node, schema)
  if (dangers.length === 0) return []
  const exemptions = exemptionsOf(sql, statement, previousEnd)
  return dangers.flatMap((danger) => {
    const exemption = exemptions.find(({ rules }) => rules.includes(danger.rule))
    if (exemption !== undefined && exemption.until >= today) return []
    const expired = exemption === undefined ? '' : ` (its exemption ran out on ${exemption.until})`
    const fault = { path, line: lineAt(sql, statement.start), rule: danger.rule, what: `${danger.why}${expired}`, hint: danger.hint, statement: sql.slice(statement.start, statement.end) }
    return [{ fault, danger }]
  })
}

/** Whoever does not speak of a thing does not miss it. */
// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
async function stillSpokenOf(fault: MigrationFault, gone: string, live: readonly Artifact[], signal: AbortSignal): Promise<MigrationFault | undefined> {
  const spoken = await spokenOf(gone, live, signal)
  if (spoken.is === 'silent') return undefined
  const where = spoken.is === 'unknown' ? '; the files of the live release are not here to look whether it does' : ` (${spoken.service}: ${spoken.file})`
  return { ...fault, what: `${fault.what}${where}` }
}

/** Placeholders of a migrator, commands of psql, and the quotes of other databases: not this grammar, and no fault. */
const otherLanguage = /`|\$\{|\{\{|^\s*\\\w/m

function syntaxFault({ path, sql }: MigrationFile, { fault, at }: { readonly fault: string; readonly at: number }): MigrationFault[] {
  if (otherLanguage.test(sql)) return []
  const line = lineAt(sql, at)
  return [{ path, line, rule: 'syntax', what: `PostgreSQL cannot read it: ${fault}`, hint: 'Correct the statement; as it stands, the migration fails before it does anything.', statement: sql.split('\n')[line - 1]?.trim() ?? '' }]
}

async function saysTheSame({ was = '' }: MigrationFile, statements: readonly SqlStatement[]): Promise<boolean> {
  const before = await readSql(was)
  return 'statements' in before && meaning(before.statements) === meaning(statements)
}

/** Statements without where they stand. */
function meaning(statements: readonly SqlStatement[]): string {
  return JSON.stringify(statements.map(({ node }) => node), (key, value: unknown) => (key === 'location' || key.endsWith('_location') ? undefined : value))
}

function edited({ path, sql }: MigrationFile): MigrationFault {
  return {
    path, line: 1, rule: 'edited', statement: sql.split('\n')[0] ?? '',
    what: 'it was changed after it had been released: databases that have it already will refuse it or never get the change',
    hint: 'Put the file back as it was released, and write the change as a new migration.',
  }
}
