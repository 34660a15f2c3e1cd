import { holdsAll } from './holds-all.ts'
import type { Column, Schema, Table } from './schema.ts'

/** One difference between two schemas of which one has become the other. */
export interface SchemaChange {
  /** As it is read: `orders.note is dropped`. */
  readonly what: string
  /** Qualified name of the table, by its earlier name; absent for what is no table. */
  readonly table?: string
  /** A program that was written for the earlier one can meet it: what it names is gone, or what it writes is refused. */
  readonly hurts: boolean
}

/** What became of `before`, the worst first. Names are followed by what the catalogue knows them by, so what was renamed is not gone. */
export function schemaChanges(before: Schema, after: Schema): readonly SchemaChange[] {
  const changes = [...tablesChanged(before, after), ...enumsChanged(before, after), ...othersChanged(before, after)]
  return changes.toSorted((one, other) => Number(other.hurts) - Number(one.hurts))
}

function tablesChanged({ tables: before }: Schema, { tables: after }: Schema): SchemaChange[] {
  const known = new Set(Object.values(before).map(({ oid }) => oid))
  const made = Object.entries(after).filter(([, { oid }]) => !known.has(oid)).map(([name]) => name)
  const changed = Object.entries(before).flatMap(([name, table]): SchemaChange[] => {
    const [nameNow, now] = Object.entries(after).find(([, { oid }]) => oid === table.oid) ?? []
    if (nameNow === undefined || now === undefined) return [{ table: name, hurts: true, what: made.includes(name) ? `table ${name} is dropped and made anew` : `table ${name} is dropped` }]
    const renamed = nameNow === name ? [] : [{ table: name, hurts: true, what: `table ${name} is renamed to ${nameNow}` }]
    return [...renamed, ...columnsChanged(name, table, now), ...rulesChanged(name, table, now)]
  })
  return [...changed, ...made.filter((name) => !(name in before)).map((name) => ({ what: `table ${name} is new`, hurts: false }))]
}

function columnsChanged(table: string, { columns: before }: Table, { columns: after }: Table): SchemaChange[] {
  const old = Object.entries(before).flatMap(([name, column]): SchemaChange[] => {
    const [nameNow, now] = Object.entries(after).find(([, { at }]) => at === column.at) ?? []
    if (nameNow === undefined || now === undefined) {
      const again = after[name]
      return [{ table, hurts: true, what: again === undefined ? `column ${table}.${name} is dropped` : `column ${table}.${name} is dropped and made anew as ${again.type}` }]
    }
    const renamed = nameNow === name ? [] : [{ table, hurts: true, what: `column ${table}.${name} is renamed to ${nameNow}` }]
    return [...renamed, ...columnChanged(`${table}.${name}`, column, now).map((change) => ({ ...change, table }))]
  })
  const places = new Set(Object.values(before).map(({ at }) => at))
  const added = Object.entries(after).filter(([name, { at }]) => !places.has(at) && !(name in before)).map(([name, column]): SchemaChange => {
    const mustBeGiven = column.required && !column.fills
    return { table, hurts: mustBeGiven, what: `column ${table}.${name} is new${mustBeGiven ? ', NOT NULL and without a default' : ''}` }
  })
  return [...old, ...added]
}

function columnChanged(name: string, before: Column, after: Column): Omit<SchemaChange, 'table'>[] {
  return [
    ...(before.type === after.type ? [] : [{ what: `column ${name} becomes ${after.type} (was ${before.type})`, hurts: !holdsAll(after.type, before.type) }]),
    ...(!before.required && after.required ? [{ what: `column ${name} becomes NOT NULL`, hurts: true }] : []),
    // Whoever reads has never met a NULL there.
    ...(before.required && !after.required ? [{ what: `column ${name} may be NULL`, hurts: true }] : []),
    ...(before.fills && !after.fills && after.required ? [{ what: `column ${name} loses its default`, hurts: true }] : []),
  ]
}

function rulesChanged(table: string, before: Table, after: Table): SchemaChange[] {
  const [rulesBefore, rulesAfter] = [before, after].map(({ constraints, uniques }) => ({ ...constraints, ...uniques }))
  return Object.entries(rulesAfter ?? {}).flatMap(([name, definition]): SchemaChange[] => {
    if (Object.values(rulesBefore ?? {}).includes(definition)) return []
    // One over columns that are new binds nobody who does not know them.
    const isAboutNew = Object.entries(after.columns).some(([column, { at }]) => !Object.values(before.columns).some((each) => each.at === at) && new RegExp(`\\b${column}\\b`).test(definition))
    return [{ table, hurts: !isAboutNew, what: `${table} has a new rule ${name}: ${definition}` }]
  })
}

function enumsChanged({ enums: before }: Schema, { enums: after }: Schema): SchemaChange[] {
  return Object.entries(before).flatMap(([name, labels]): SchemaChange[] => {
    const now = after[name]
    if (now === undefined) return [{ what: `type ${name} is dropped`, hurts: true }]
    const added = now.filter((label) => !labels.includes(label))
    const gone = labels.filter((label) => !now.includes(label))
    return [
      ...(added.length > 0 ? [{ what: `type ${name} has the new values ${added.join(', ')}`, hurts: true }] : []),
      ...(gone.length > 0 ? [{ what: `type ${name} has the values ${gone.join(', ')} no more`, hurts: true }] : []),
    ]
  })
}

function othersChanged({ others: before }: Schema, { others: after }: Schema): SchemaChange[] {
  const gone = Object.keys(before).filter((name) => !(name in after)).map((name) => ({ what: `${name} is dropped`, hurts: true }))
  const changed = Object.entries(before).filter(([name, text]) => name in after && after[name] !== text).map(([name]) => ({ what: `${name} is another one`, hurts: false }))
  const made = Object.keys(after).filter((name) => !(name in before)).map((name) => ({ what: `${name} is new`, hurts: false }))
  return [...gone, ...changed, ...made]
}
