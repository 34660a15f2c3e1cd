import type { Schema, Table } from './schema.ts'

/** `schema` as if what it has in common with `reference`, by name, were the same objects: for two databases that were never clones of one. */
export function sameNames(schema: Schema, reference: Schema): Schema {
  const tables = Object.entries(schema.tables).map(([name, table], at): [string, Table] => {
    const like = reference.tables[name]
    const columns = Object.entries(table.columns).map(([column, facts], place) => [column, { ...facts, at: like?.columns[column]?.at ?? -1 - place }] as const)
    return [name, { ...table, oid: like?.oid ?? -1 - at, columns: Object.fromEntries(columns) }]
  })
  return { ...schema, tables: Object.fromEntries(tables) }
}
