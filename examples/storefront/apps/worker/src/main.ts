import { createPool, listen } from '@storefront/db'
import { pino } from 'pino'
import { readConfig } from './config.ts'
import { restock, sendNextMail } from './send-next-mail.ts'
import { WakeUp } from './wake-up.ts'

/** A notification can be missed while the connection is down; this finds what it was about. */
const LOOK_AROUND_MS = 15_000
const AFTER_ERROR_MS = 2_000

const config = readConfig(process.env)
const log = pino({ level: config.logLevel, base: { servedBy: config.instanceId } })
const stop = new AbortController()
const wakeUp = new WakeUp()

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    log.info({ signal }, 'stopping after the current mail')
    stop.abort()
  })
}

const pool = createPool({
  connectionString: config.databaseUrl,
  applicationName: 'storefront worker',
  max: 2,
  onIdleError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
})
const listener = listen({
  connectionString: config.databaseUrl,
  channel: 'order_mail',
  onNotify: () => wakeUp.ring(),
  onListening: () => wakeUp.ring(),
  onError: (error) => log.warn({ err: error }, 'not listening for orders'),
})

log.info('waiting for orders')
while (!stop.signal.aborted) {
  try {
    const sent = await sendNextMail({ pool, ...config })
    if (sent !== undefined) {
      log.info(sent, 'order mail sent')
      continue
    }
    const restocked = await restock(pool)
    if (restocked.length > 0) log.info({ restocked }, 'restocked')
    await wakeUp.rest(LOOK_AROUND_MS, stop.signal)
  } catch (error) {
    log.error({ err: error }, 'a mail could not be sent, its order stays in the queue')
    await wakeUp.rest(AFTER_ERROR_MS, stop.signal)
  }
}

await listener.close()
await pool.end()
log.info('stopped')
