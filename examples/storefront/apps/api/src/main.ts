import { createPool } from '@storefront/db'
import { buildApi } from './build-api.ts'
import { readConfig } from './config.ts'
import { closeOnSignal } from './close-on-signal.ts'
import { createStockFeed } from './stock-feed.ts'

const config = readConfig(process.env)
const pool = createPool({
  connectionString: config.databaseUrl,
  applicationName: 'storefront api',
  max: config.databasePoolMax,
  onIdleError: (error) => app.log.warn({ err: error }, 'an idle database connection broke'),
})
const stockFeed = createStockFeed({
  pool,
  connectionString: config.databaseUrl,
  onError: (error) => app.log.warn({ err: error }, 'the stock feed lost its connection'),
})
const app = await buildApi({ config, pool, stockFeed })

closeOnSignal({
  app,
  graceMs: config.shutdownGraceMs,
  afterClose: async () => {
    await stockFeed.close()
    await pool.end()
  },
})

await app.listen({ host: config.host, port: config.port })
