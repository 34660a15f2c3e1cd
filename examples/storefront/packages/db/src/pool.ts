import pg from 'pg'

export interface PoolOptions {
  readonly connectionString: string
  readonly applicationName: string
  readonly max?: number
  /** Told about connections that break while idle, for instance when the database restarts. */
  readonly onIdleError: (error: Error) => void
}

export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    application_name: options.applicationName,
    max: options.max ?? 10,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 15_000,
  })
  // Without a listener, a connection that breaks while idle would end the process.
  pool.on('error', options.onIdleError)
  return pool
}

export async function withTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError
    })
    throw error
  } finally {
    // A connection that could not even roll back must not go back into the pool.
    client.release(broken)
  }
}
