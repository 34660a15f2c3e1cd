import type { PostgresPool } from 'kysely'
import pg from 'pg'
import type { Connection } from '../postgres/own-connection.ts'
import { explainDatabaseError } from './database-errors.ts'
import { lentClient } from './lent-client.ts'
import { patiently } from './patiently.ts'

/** Connections for short statements. Every failure that leaves it is explained; none crashes the process. */
export function openPool(connection: Connection): PostgresPool {
  const pool = new pg.Pool({ ...connection, max: 8, connectionTimeoutMillis: 5_000, keepAlive: true, application_name: 'plimsoll' })
  // An idle connection that breaks is replaced at the next use, which reports what is wrong.
  pool.on('error', () => undefined)
  const where = describe(connection)
  return {
    connect: () => lentClient({ where, connect: () => patiently(connection, () => explained(where, () => pool.connect())) }),
    end: () => pool.end(),
    options: {},
  }
}

/** Where a database is, without its password. */
export function describe(connection: Connection): string {
  if (connection.connectionString === undefined) return `${connection.host ?? 'localhost'}:${connection.port ?? 5432}/${connection.database ?? ''}`
  if (!URL.canParse(connection.connectionString)) return 'DATABASE_URL'
  const { hostname, port, pathname } = new URL(connection.connectionString)
  return `${hostname}:${port === '' ? 5432 : port}${pathname}`
}

/** Does `work` with its database errors explained. What `signal` causes stays as it is. */
export async function explained<T>(where: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw signal?.aborted === true ? error : explainDatabaseError(error, where)
  }
}
