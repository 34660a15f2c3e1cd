import { setTimeout as sleep } from 'node:timers/promises'
import { type Problem, toProblem } from '@plimsoll/model'
import pg from 'pg'
import type { Connection } from './own-connection.ts'
import { startPostgres, type StartPostgresOptions } from './start-postgres.ts'
import { connectClient } from './connect-client.ts'

/** What the supervisor tells, for the log. */
export type PostgresEvent = { readonly is: 'down' } | { readonly is: 'up'; readonly pid: number } | { readonly is: 'failed'; readonly problem: Problem }

const pausesMs = [0, 500, 1_000, 2_000, 5_000, 10_000]

/**
 * Starts the server of `home` again whenever it dies, until `signal` fires; resolves then and leaves it
 * running. Its address and its socket stay the same, so whoever uses it goes on with new connections.
 * Fire `signal` before stopping the server on purpose.
 */
export async function keepPostgresUp(options: StartPostgresOptions, tell: (event: PostgresEvent) => void, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const server = await startPostgres(options, signal)
      server.detach()
      if (server.how !== 'adopted') tell({ is: 'up', pid: server.pid })
      if (await endOf(server.connection, signal)) tell({ is: 'down' })
      failures = 0
    } catch (error) {
      if (signal.aborted) return
      tell({ is: 'failed', problem: toProblem(error) })
    }
    // Aborted means that the watch is over, which is no failure.
    await sleep(pausesMs[Math.min(failures, pausesMs.length - 1)], undefined, { signal }).catch(() => undefined)
  }
}

/** Holds one connection and resolves when it ends: the quickest word of a server's death. False when `signal` fired first. */
async function endOf(connection: Connection, signal: AbortSignal): Promise<boolean> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000, application_name: 'plimsoll-supervisor' })
  client.on('error', () => undefined) // Always followed by `end`.
  const ended = new Promise<void>((resolve) => client.once('end', resolve))
  const stop = (): void => void client.end().catch(() => undefined) // It has ended by itself.
  signal.addEventListener('abort', stop, { once: true })
  try {
    await connectClient(client)
    await ended
    return !signal.aborted
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
