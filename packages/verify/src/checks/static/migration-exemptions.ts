import { lineAt, type SqlStatement } from './read-sql.ts'

/** `-- plimsoll: allow drop-column until 2027-01-31 because nobody reads it since release 40`, before a statement or on one of its lines. */
export interface Exemption {
  readonly rules: readonly string[]
  /** The last day on which it holds, `2027-01-31`. */
  readonly until: string
}

const form = /^[ \t]*plimsoll:\s*allow\s+([a-z][a-z, -]*?)\s+until\s+(\d{4}-\d{2}-\d{2})\s+because\s+\S/
const comment = /--([^\n]*)/g

/** What `sql` exempts `statement` from. A comment that lacks its day or its reason exempts from nothing. */
export function exemptionsOf(sql: string, statement: SqlStatement, previousEnd: number): Exemption[] {
  // A comment on the last line of a statement stands behind its semicolon.
  const lineEnd = sql.indexOf('\n', statement.end)
  const firstOwn = lineAt(sql, previousEnd) === lineAt(sql, statement.start) ? statement.start : nextLine(sql, previousEnd)
  const text = sql.slice(firstOwn, lineEnd === -1 ? sql.length : lineEnd)
  return [...text.matchAll(comment)].flatMap(([, said = '']) => {
    const [, rules, until] = form.exec(said) ?? []
    return rules === undefined || until === undefined ? [] : [{ rules: rules.split(',').map((rule) => rule.trim()), until }]
  })
}

function nextLine(sql: string, from: number): number {
  if (from === 0) return 0
  const at = sql.indexOf('\n', from)
  return at === -1 ? from : at + 1
}
