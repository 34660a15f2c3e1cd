import type { DatabaseAddress } from '@plimsoll/model'
import pg from 'pg'

export interface ClientWish {
  /** It can change nothing, and waits for nobody: for a database that is in use. */
  readonly readOnly?: true
}

const connectMs = 5_000

/** Does `work` with one connection, which ends with it, and at once when `signal` fires. */
// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
export async function withClient<T>(address: DatabaseAddress, work: (client: pg.Client) => Promise<T>, { readOnly }: ClientWish, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const options = readOnly === true ? '-c default_transaction_read_only=on -c statement_timeout=3000 -c lock_timeout=300' : '-c statement_timeout=30000'
  const client = new pg.Client({ ...address, connectionTimeoutMillis: connectMs, application_name: 'plimsoll verify', options })
  client.on('error', () => undefined) // The query under way rejects with the same.
  const cut = (): void => void client.end().catch(() => undefined)
  signal.addEventListener('abort', cut, { once: true })
  try {
    await client.connect()
    return await work(client)
  } finally {
    signal.removeEventListener('abort', cut)
    await client.end().catch(() => undefined) // It is gone already, which `work` has reported.
  }
}
