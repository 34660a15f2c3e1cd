import type { DatabaseAddress } from '@plimsoll/model'
import { withClient } from './with-client.ts'

/** What a database says of those who are connected to it, but for whoever looks. */
export interface Connections {
  readonly count: number
  /** Of these, how many have the database at work for them. */
  readonly busy: number
  readonly openTransactions: readonly OpenTransaction[]
}

/** A connection that has begun a transaction and asks for nothing. */
export interface OpenTransaction {
  /** Which connection, and which transaction of it: the same in two looks if it is the same. */
  readonly key: string
  /** Its last statement. */
  readonly statement: string
}

const looking = `
  select pid || ' ' || xact_start as key, state, query from pg_stat_activity
  where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> 'plimsoll verify'`

/** How it is at this moment, over all of `addresses`. It takes one connection to each, for as long as it takes. */
export async function lookAtConnections(addresses: readonly DatabaseAddress[], signal: AbortSignal): Promise<Connections> {
  const rows = (await Promise.all(addresses.map(async (address) => withClient(address, async (client) => {
    const found = await client.query<{ key: string | null; state: string | null; query: string }>(looking)
    return found.rows
  }, { readOnly: true }, signal)))).flat()
  return {
    count: rows.length,
    busy: rows.filter(({ state }) => state === 'active').length,
    openTransactions: rows.flatMap(({ key, state, query }) => (key !== null && state?.startsWith('idle in transaction') === true ? [{ key, statement: query }] : [])),
  }
}
