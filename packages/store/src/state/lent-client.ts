import type { PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { codeOf } from '../postgres/code-of.ts'
import { explainDatabaseError } from './database-errors.ts'

/** Where clients come from, and how the database is called. */
export interface Lender {
  readonly where: string
  readonly connect: () => Promise<pg.PoolClient>
}

/**
 * A client of a pool for one borrower. A connection that broke while nobody used it may look whole until something is sent: as long as nothing was done on it, another one
 * takes its place. What fails otherwise is explained.
 */
export async function lentClient(lender: Lender): Promise<PostgresPoolClient> {
  let client: pg.PoolClient | undefined = await borrow(lender)
  let [isBroken, isUsed] = [false, false]
  const giveBack = (destroy: boolean): void => {
    const lent = client
    client = undefined
    lent?.off('error', ignore)
    lent?.release(destroy)
  }
  async function query(text: string, parameters: unknown[]): Promise<unknown> {
    try {
      client ??= await borrow(lender)
      const answer = await client.query(text, parameters)
      isUsed = true
      return answer
    } catch (error) {
      if (!isUsed && neverArrived(error)) {
        giveBack(true)
        return query(text, parameters)
      }
      isUsed = true
      isBroken ||= !(error instanceof pg.DatabaseError)
      throw explainDatabaseError(error, lender.where)
    }
  }
  const lent = { query, release: (destroy?: boolean) => giveBack(destroy === true || isBroken) }
  // Kysely's type also knows cursors, which it opens only for `stream`.
  return lent as unknown as PostgresPoolClient
}

async function borrow({ connect }: Lender): Promise<pg.PoolClient> {
  const client = await connect()
  // A connection that breaks in use rejects its query; without a listener it would also end the process.
  client.on('error', ignore)
  return client
}

/** Whether the server cannot have carried the statement out: its side was closed before all of it was sent, or pg knew already that it was. */
function neverArrived(error: unknown): boolean {
  return codeOf(error) === 'EPIPE' || (error instanceof Error && error.message.endsWith('is not queryable'))
}

function ignore(): void {}
