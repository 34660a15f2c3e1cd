import type { ColumnDef, Constraint, Node, RangeVar, TypeName } from 'libpg-query'

/** What the migrations read so far have made. */
export interface KnownSchema {
  /** Tables that no live release has: nobody reads them yet, and they are empty. */
  readonly created: Set<string>
  /** `table.column` → its type, as far as a migration told. */
  readonly types: Map<string, string>
  /** `table.column` of which a constraint already proves that it is never null. */
  readonly neverNull: Set<string>
  /** `table.constraint` → the `table.column` that it will prove once it is validated. */
  readonly unproven: Map<string, string>
}

export function emptySchema(): KnownSchema {
  return { created: new Set(), types: new Map(), neverNull: new Set(), unproven: new Map() }
}

/** Takes in what a statement makes. `isNew` says that no live release has its tables. */
export function learn(schema: KnownSchema, node: Node, isNew: boolean): void {
  if ('CreateStmt' in node) {
    const { relation, tableElts = [] } = node.CreateStmt
    const table = tableName(relation)
    // What it says of a table that may be there already holds only when that is not.
    if (isNew) schema.created.add(table)
    for (const element of tableElts) if ('ColumnDef' in element) learnColumn(schema, table, element.ColumnDef)
  }
  if ('CreateTableAsStmt' in node && isNew) schema.created.add(tableName(node.CreateTableAsStmt.into?.rel))
  if ('RenameStmt' in node && node.RenameStmt.renameType === 'OBJECT_TABLE' && schema.created.has(tableName(node.RenameStmt.relation))) schema.created.add(node.RenameStmt.newname ?? '')
  if (!('AlterTableStmt' in node)) return
  const table = tableName(node.AlterTableStmt.relation)
  for (const command of node.AlterTableStmt.cmds ?? []) {
    if (!('AlterTableCmd' in command)) continue
    const { subtype, def, name = '' } = command.AlterTableCmd
    if (subtype === 'AT_AddColumn' && def !== undefined && 'ColumnDef' in def) learnColumn(schema, table, def.ColumnDef)
    if (subtype === 'AT_AlterColumnType' && def !== undefined && 'ColumnDef' in def) schema.types.set(`${table}.${name}`, typeText(def.ColumnDef.typeName))
    if (subtype === 'AT_AddConstraint' && def !== undefined && 'Constraint' in def) learnCheck(schema, table, def.Constraint)
    const proven = subtype === 'AT_ValidateConstraint' ? schema.unproven.get(`${table}.${name}`) : undefined
    if (proven !== undefined) schema.neverNull.add(proven)
  }
}

function learnColumn(schema: KnownSchema, table: string, { colname = '', typeName }: ColumnDef): void {
  schema.types.set(`${table}.${colname}`, typeText(typeName))
}

/** `CHECK (column IS NOT NULL)`: after it `SET NOT NULL` has nothing left to read. */
function learnCheck(schema: KnownSchema, table: string, { contype, raw_expr: expression, conname = '', skip_validation: unchecked }: Constraint): void {
  if (contype !== 'CONSTR_CHECK' || expression === undefined || !('NullTest' in expression)) return
  const { nulltesttype, arg } = expression.NullTest
  const field = arg !== undefined && 'ColumnRef' in arg ? arg.ColumnRef.fields?.at(-1) : undefined
  if (nulltesttype !== 'IS_NOT_NULL' || field === undefined || !('String' in field)) return
  const column = `${table}.${field.String.sval ?? ''}`
  if (unchecked === true) schema.unproven.set(`${table}.${conname}`, column)
  else schema.neverNull.add(column)
}

/** `orders`, or `billing.orders` outside of the usual schema. */
export function tableName(relation: RangeVar | undefined): string {
  const { schemaname, relname = '' } = relation ?? {}
  return schemaname === undefined || schemaname === 'public' ? relname : `${schemaname}.${relname}`
}

/** `varchar(20)`, `int4`, `text[]`. */
export function typeText(type: TypeName | undefined): string {
  const last = type?.names?.at(-1)
  const name = last !== undefined && 'String' in last ? (last.String.sval ?? '') : ''
  const sizes = (type?.typmods ?? []).map((each) => ('A_Const' in each && 'ival' in each.A_Const ? String(each.A_Const.ival?.ival ?? 0) : '?'))
  return `${name}${sizes.length > 0 ? `(${sizes.join(',')})` : ''}${(type?.arrayBounds?.length ?? 0) > 0 ? '[]' : ''}`
}

/** Whether PostgreSQL keeps the table as it is for such a change: every old value is one of the new type too, in the same bytes. */
export function isWidening(from: string, to: string): boolean {
  if (from === to) return true
  const [, kind, size] = /^(varchar|text|numeric)(?:\(([\d,]+)\))?$/.exec(from) ?? []
  const [, newKind, newSize] = /^(varchar|text|numeric)(?:\(([\d,]+)\))?$/.exec(to) ?? []
  if (kind === undefined || newKind === undefined) return false
  if (kind === 'numeric' || newKind === 'numeric') return kind === newKind && (newSize === undefined || (size !== undefined && isWiderNumeric(size, newSize)))
  return newSize === undefined || (kind === 'varchar' && size !== undefined && Number(newSize) >= Number(size))
}

function isWiderNumeric(from: string, to: string): boolean {
  const [digits = 0, scale = 0] = from.split(',').map(Number)
  const [newDigits = 0, newScale = 0] = to.split(',').map(Number)
  return scale === newScale && newDigits >= digits
}
