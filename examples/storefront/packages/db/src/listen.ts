import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export interface ListenOptions {
  readonly connectionString: string
  readonly channel: string
  readonly onNotify: (payload: string) => void
  /** Called after every (re)connection: notifications sent before it may have been missed. */
  readonly onListening?: () => void
  readonly onError: (error: Error) => void
}

export interface Listener {
  close(): Promise<void>
}

/** Keeps one connection listening to a channel and reconnects for as long as it is not closed. */
export function listen(options: ListenOptions): Listener {
  const stop = new AbortController()
  const running = keepListening(options, stop.signal)
  return {
    async close() {
      stop.abort()
      await running
    },
  }
}

async function keepListening(options: ListenOptions, signal: AbortSignal): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    try {
      await listenOnce(options, signal, () => {
        failures = 0
      })
    } catch (error) {
      options.onError(error instanceof Error ? error : new Error(String(error)))
      failures += 1
    }
    const pause = Math.min(250 * 2 ** failures, 10_000)
    // The only rejection here is the abort, which the loop's condition handles.
    await sleep(pause, undefined, { signal }).catch(() => undefined)
  }
}

async function listenOnce(
  options: ListenOptions,
  signal: AbortSignal,
  onConnected: () => void,
): Promise<void> {
  const client = new pg.Client({
    connectionString: options.connectionString,
    application_name: `listen ${options.channel}`,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  const ended = new Promise<void>((resolve, reject) => {
    client.once('end', resolve)
    client.once('error', reject)
  })
  // A connection that breaks before it is awaited below must not count as unhandled.
  ended.catch(() => undefined)
  client.on('notification', (message) => options.onNotify(message.payload ?? ''))
  const onAbort = (): void => void client.end()
  try {
    await client.connect()
    await client.query(`LISTEN ${pg.escapeIdentifier(options.channel)}`)
    onConnected()
    options.onListening?.()
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    await ended
  } finally {
    signal.removeEventListener('abort', onAbort)
    await client.end().catch(() => undefined)
  }
}
