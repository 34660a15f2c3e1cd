import { createPool } from '@storefront/db'
import { pino } from 'pino'
import { readConfig } from './config.ts'

const config = readConfig(process.env)
const log = pino({ level: config.logLevel, base: { servedBy: config.instanceId } })
const pool = createPool({
  connectionString: config.databaseUrl,
  applicationName: 'storefront expire-carts',
  max: 1,
  onIdleError: (error) => log.warn({ err: error }, 'the database connection broke'),
})

try {
  const carts = await pool.query(
    "DELETE FROM carts WHERE touched_at < now() - $1 * interval '1 hour'",
    [config.cartTtlHours],
  )
  const sessions = await pool.query('DELETE FROM sessions WHERE expires_at < now()')
  log.info({ carts: carts.rowCount, sessions: sessions.rowCount }, 'expired')
} finally {
  await pool.end()
}
