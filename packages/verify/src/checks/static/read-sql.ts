import type { Node } from 'libpg-query'

/** One statement of a migration. */
export interface SqlStatement {
  readonly node: Node
  /** In the text, in characters: the first word of it, behind white space and comments. */
  readonly start: number
  readonly end: number
}

export type ReadSql = { readonly statements: readonly SqlStatement[] } | { readonly fault: string; readonly at: number }

/** Takes SQL apart by PostgreSQL's own grammar. What is not SQL is a value with the place of the fault. */
export async function readSql(sql: string): Promise<ReadSql> {
  // Most starts of Plimsoll never need the grammar.
  const { hasSqlDetails, loadModule, parseSync } = await import('libpg-query')
  await loadModule()
  try {
    const bytes = Buffer.from(sql)
    const place = (offset: number): number => bytes.toString('utf8', 0, offset).length
    const statements = (parseSync(sql).stmts ?? []).flatMap(({ stmt, stmt_location: from = 0, stmt_len: length }): SqlStatement[] => {
      if (stmt === undefined) return []
      const start = place(from)
      const end = length === undefined || length === 0 ? sql.length : place(from + length)
      return [{ node: stmt, start: start + leading(sql.slice(start, end)), end }]
    })
    return { statements }
  } catch (error) {
    if (!(error instanceof Error) || !hasSqlDetails(error)) throw error
    return { fault: error.sqlDetails?.message ?? error.message, at: Math.max(0, error.sqlDetails?.cursorPosition ?? 0) }
  }
}

/** The line, from 1, of a place in a text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** White space and comments before a statement belong to it by PostgreSQL's count, and to nobody by a reader's. */
function leading(text: string): number {
  return /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/.exec(text)?.[0].length ?? 0
}
