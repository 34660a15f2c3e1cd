import pg from 'pg'
import { codeOf } from './code-of.ts'
import type { Ground } from './ground.ts'

/** How Plimsoll itself reaches a database: through the socket of its own server, or by URL. */
export interface Connection {
  /** A host name, or the absolute directory that holds the server's socket. */
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly ssl?: false
  /** Instead of the others: an external server, reached directly and not through a transaction pooler, which would lose leases and notifications. */
  readonly connectionString?: string
}

/** Plimsoll's own way in, which needs no password because nobody else can enter the socket's directory. */
export function ownConnection(ground: Pick<Ground, 'socketDirectory' | 'port'>, database: string): Connection {
  return { host: ground.socketDirectory, port: ground.port, user: 'plimsoll', database, ssl: false }
}

/** Asks the server by connecting, which is the only honest sign of readiness. `starting` while it recovers or shuts down. */
export async function ask(ground: Pick<Ground, 'socketDirectory' | 'port'>): Promise<'ready' | 'starting' | 'silent'> {
  const client = new pg.Client({ ...ownConnection(ground, 'postgres'), connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined) // The outcome of `connect` says it all.
  try {
    await client.connect()
    return 'ready'
  } catch (error) {
    return codeOf(error) === '57P03' ? 'starting' : 'silent'
  } finally {
    await client.end().catch(() => undefined) // Already closed by the failure that we report.
  }
}
