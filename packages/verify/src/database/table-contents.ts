import type pg from 'pg'
import type { Schema } from './schema.ts'

/** Qualified table → what is in it, as one value that differs when a row does. */
export type Contents = Readonly<Record<string, string>>

/** Reads every row once, which is for databases of a rehearsal only. */
export async function readContents(client: pg.Client, { tables }: Pick<Schema, 'tables'>): Promise<Contents> {
  const contents: Record<string, string> = {}
  for (const table of Object.keys(tables)) {
    const { rows } = await client.query<{ contents: string }>(`select count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) as contents from ${quoted(table)} t`)
    contents[table] = rows[0]?.contents ?? ''
  }
  return contents
}

/** `public.order lines` as SQL names it. */
export function quoted(qualified: string): string {
  const dot = qualified.indexOf('.')
  return [qualified.slice(0, dot), qualified.slice(dot + 1)].map(quotedName).join('.')
}

export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** The tables that are not as they were; what is new or gone is told by the schema. */
export function contentsChanged(before: Contents, after: Contents): readonly string[] {
  return Object.keys(before).filter((table) => table in after && after[table] !== before[table])
}
