import type { AlterTableCmd, ColumnDef, Constraint, DropStmt, IndexStmt, Node, RenameStmt } from 'libpg-query'
import { isWidening, tableName, typeText, type KnownSchema } from './known-schema.ts'

export type MigrationRule = 'required-column' | 'volatile-default' | 'type-change' | 'rename' | 'drop-column' | 'drop-table' | 'index-locks' | 'constraint-locks' | 'unique-locks' | 'not-null-locks'

/** What one part of a statement does to those who use the table meanwhile. */
export interface Danger {
  readonly rule: MigrationRule
  /** A sentence's end: what happens, and to whom. */
  readonly why: string
  /** The safe way. */
  readonly hint: string
  /** The name that is gone afterwards: harmless when the release that is live does not speak of it. */
  readonly gone?: string
}

/** What `node` does to tables that were there before. `schema` is what all statements before it have made. */
export function dangersIn(node: Node, schema: KnownSchema): Danger[] {
  if ('AlterTableStmt' in node && node.AlterTableStmt.objtype === 'OBJECT_TABLE') {
    const table = tableName(node.AlterTableStmt.relation)
    if (schema.created.has(table)) return []
    return (node.AlterTableStmt.cmds ?? []).flatMap((command) => ('AlterTableCmd' in command ? dangersOfChange(command.AlterTableCmd, table, schema) : []))
  }
  if ('RenameStmt' in node) return dangersOfRename(node.RenameStmt, schema)
  if ('DropStmt' in node) return dangersOfDrop(node.DropStmt, schema)
  return 'IndexStmt' in node ? dangersOfIndex(node.IndexStmt, schema) : []
}

function dangersOfChange({ subtype, def, name = '' }: AlterTableCmd, table: string, schema: KnownSchema): Danger[] {
  const column = `${table}.${name}`
  if (subtype === 'AT_AddColumn' && def !== undefined && 'ColumnDef' in def) return dangersOfColumn(def.ColumnDef, table)
  if (subtype === 'AT_AddConstraint' && def !== undefined && 'Constraint' in def) return dangersOfConstraint(def.Constraint, table)
  if (subtype === 'AT_AlterColumnType' && def !== undefined && 'ColumnDef' in def) return dangersOfType(typeText(def.ColumnDef.typeName), column, schema)
  if (subtype === 'AT_SetNotNull' && !schema.neverNull.has(column)) return [notNull(table, name)]
  if (subtype === 'AT_DropColumn') return [dropColumn(table, name)]
  return []
}

/** Functions that give another value for every row, so that PostgreSQL writes every row anew. */
const volatile = new Set(['gen_random_uuid', 'uuid_generate_v1', 'uuid_generate_v1mc', 'uuid_generate_v4', 'uuidv4', 'uuidv7', 'random', 'clock_timestamp', 'timeofday', 'nextval', 'gen_random_bytes'])
const counting = new Set(['serial', 'serial4', 'bigserial', 'serial8', 'smallserial', 'serial2'])

function dangersOfColumn({ colname = '', typeName, constraints = [] }: ColumnDef, table: string): Danger[] {
  const own = constraints.flatMap((each) => ('Constraint' in each ? [each.Constraint] : []))
  const has = (kind: Constraint['contype']): boolean => own.some(({ contype }) => contype === kind)
  const counts = counting.has(typeText(typeName))
  const given = own.find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr
  const written = counts || has('CONSTR_IDENTITY') || has('CONSTR_GENERATED') || (given !== undefined && callsVolatile(given))
  const column = `${table}.${colname}`
  const dangers: Danger[] = []
  if (written) dangers.push({
    rule: 'volatile-default',
    why: `every row of ${table} is written anew to give ${column} its value, and nobody can read or write the table meanwhile`,
    hint: `Add ${colname} without a default, set the default in a statement of its own (ALTER COLUMN ${colname} SET DEFAULT …), and fill the old rows in batches.`,
  })
  if ((has('CONSTR_NOTNULL') || has('CONSTR_PRIMARY')) && !written && (given === undefined || isNull(given))) dangers.push({
    rule: 'required-column',
    why: `it fails as soon as ${table} has a row, and the release that is live writes rows without ${colname}`,
    hint: `Give ${colname} a default (ADD COLUMN … NOT NULL DEFAULT …), or add it without NOT NULL, fill it, and require it once no release that leaves it out is live.`,
  })
  if (has('CONSTR_UNIQUE') || has('CONSTR_PRIMARY')) dangers.push(uniqueLocks(table))
  return dangers
}

function isNull(node: Node): boolean {
  return 'A_Const' in node && 'isnull' in node.A_Const && node.A_Const.isnull === true
}

function callsVolatile(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false
  if ('FuncCall' in node) {
    const name = JSON.stringify(node.FuncCall && typeof node.FuncCall === 'object' && 'funcname' in node.FuncCall ? node.FuncCall.funcname : '')
    if ([...name.matchAll(/"sval":"(\w+)"/g)].some(([, word = '']) => volatile.has(word))) return true
  }
  return Object.values(node).some(callsVolatile)
}

function dangersOfConstraint({ contype, skip_validation: unchecked, indexname }: Constraint, table: string): Danger[] {
  if ((contype === 'CONSTR_FOREIGN' || contype === 'CONSTR_CHECK') && unchecked !== true) {
    const what = contype === 'CONSTR_FOREIGN' ? 'foreign key' : 'check'
    return [{
      rule: 'constraint-locks',
      why: `every row of ${table} is read to prove the ${what}, and writes wait as long`,
      hint: `Add the ${what} with NOT VALID, and prove it in a later migration: ALTER TABLE ${table} VALIDATE CONSTRAINT …; that lets writes through.`,
    }]
  }
  return (contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_EXCLUSION') && indexname === undefined ? [uniqueLocks(table)] : []
}

function uniqueLocks(table: string): Danger {
  return {
    rule: 'unique-locks',
    why: `the index behind it is built while nobody can read or write ${table}`,
    hint: 'Build it first, outside of a transaction: CREATE UNIQUE INDEX CONCURRENTLY name ON …; then ADD CONSTRAINT name UNIQUE USING INDEX name.',
  }
}

function dangersOfType(to: string, column: string, schema: KnownSchema): Danger[] {
  const from = schema.types.get(column)
  if (from !== undefined && isWidening(from, to)) return []
  return [{
    rule: 'type-change',
    why: `${column} becomes ${to}${from === undefined ? '' : ` from ${from}`}: its table is written anew while nobody can read or write it, and the release that is live still expects the old type`,
    hint: 'Add a column of the new type, write both, fill the old rows in batches, read the new one, and drop the old one in a later release.',
  }]
}

function notNull(table: string, column: string): Danger {
  return {
    rule: 'not-null-locks',
    why: `every row of ${table} is read while nobody can read or write it, and it fails when one has no ${column}`,
    hint: `First: ALTER TABLE ${table} ADD CONSTRAINT ${column}_set CHECK (${column} IS NOT NULL) NOT VALID; then, in a later migration, VALIDATE CONSTRAINT ${column}_set; after that SET NOT NULL reads nothing.`,
  }
}

function dropColumn(table: string, column: string): Danger {
  return {
    rule: 'drop-column', gone: column,
    why: `${table}.${column} is gone while the release that is live still speaks of ${column}`,
    hint: `Release the code that does without ${column} first, and drop it in the release after that.`,
  }
}

function dangersOfRename({ renameType, relationType, relation, subname = '', newname = '' }: RenameStmt, schema: KnownSchema): Danger[] {
  const table = tableName(relation)
  if (schema.created.has(table)) return []
  const isColumn = renameType === 'OBJECT_COLUMN' && relationType === 'OBJECT_TABLE'
  if (!isColumn && renameType !== 'OBJECT_TABLE') return []
  const gone = isColumn ? subname : (relation?.relname ?? table)
  return [{
    rule: 'rename', gone,
    why: `${isColumn ? `${table}.${subname}` : table} is called ${newname} from then on, while the release that is live still speaks of ${gone}`,
    hint: isColumn
      ? `Add ${newname} as a column of its own, write both, fill the old rows, read the new one, and drop ${gone} in a later release.`
      : `Keep the old name as a view (CREATE VIEW ${gone} AS SELECT * FROM ${newname}) in the same transaction, and drop that in a later release.`,
  }]
}

function dangersOfDrop({ removeType, objects = [] }: DropStmt, schema: KnownSchema): Danger[] {
  if (removeType !== 'OBJECT_TABLE') return []
  return objects.flatMap((each): Danger[] => {
    const names = 'List' in each ? (each.List.items ?? []).flatMap((item) => ('String' in item ? [item.String.sval ?? ''] : [])) : []
    const gone = names.at(-1) ?? ''
    const table = names[0] === 'public' ? gone : names.join('.')
    if (schema.created.has(table)) return []
    return [{
      rule: 'drop-table', gone,
      why: `${table} is gone while the release that is live still speaks of it`,
      hint: `Release the code that does without ${table} first, and drop it in the release after that.`,
    }]
  })
}

function dangersOfIndex({ relation, concurrent, idxname = '', unique }: IndexStmt, schema: KnownSchema): Danger[] {
  const table = tableName(relation)
  if (concurrent === true || schema.created.has(table)) return []
  return [{
    rule: 'index-locks',
    why: `writes to ${table} wait until ${idxname === '' ? 'the index' : idxname} is built`,
    hint: `CREATE ${unique === true ? 'UNIQUE ' : ''}INDEX CONCURRENTLY, in a migration of its own: it cannot run inside a transaction.`,
  }]
}
