import pg from 'pg'
import { databaseUrl } from './shop.ts'

/** One question to the database that the services use. */
export async function queryShop<T extends pg.QueryResultRow>(sql: string, values: readonly unknown[]): Promise<T[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'storefront tests' })
  await client.connect()
  try {
    return (await client.query<T>(sql, [...values])).rows
  } finally {
    await client.end()
  }
}
