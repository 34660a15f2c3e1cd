import type { Lease, Leases } from '@plimsoll/engine'
import { type AppName, PlimsollError } from '@plimsoll/model'
import pg from 'pg'
import { codeOf } from '../postgres/code-of.ts'
import { connectClient } from '../postgres/connect-client.ts'
import type { Connection } from '../postgres/own-connection.ts'
import { explainDatabaseError } from './database-errors.ts'
import { patiently } from './patiently.ts'
import { describe } from './pool.ts'

/**
 * Leases on apps: a session-level advisory lock on a connection of its own, so that the lock dies
 * with its holder, and a fence that was never given before, so that a holder who only seemed
 * dead is recognised.
 */
export function leasesOn(connection: Connection): Leases {
  const where = describe(connection)
  return {
    acquire: (app, { holder, waitMs }, signal) => patiently(connection, () => acquire({ connection, where, app, holder, waitMs }, signal), signal),
  }
}

interface Wish {
  readonly connection: Connection
  readonly where: string
  readonly app: AppName
  readonly holder: string
  readonly waitMs: number
}

async function acquire(wish: Wish, signal: AbortSignal): Promise<Lease> {
  signal.throwIfAborted()
  const { connection, where } = wish
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000, keepAlive: true, application_name: 'plimsoll-lease' })
  const lost = loss(client, wish)
  // Ends a wait for the lock too: the server notices that its client is gone.
  const giveUp = (): void => void client.end().catch(ignore)
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    await connectClient(client)
    await prepareSession(client)
    if (!(await lock(client, wish))) throw await locked(client, wish)
    const fence = await nextFence(client, wish)
    return { fence, lost: lost.signal, stands: () => lost.stands(), release: () => lost.release() }
  } catch (error) {
    await lost.release()
    throw signal.aborted ? signal.reason : explainDatabaseError(error, where)
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

/** Watches the lease's connection. `release` ends it without counting as a loss. */
function loss(client: pg.Client, { app, where }: Wish): Pick<Lease, 'stands' | 'release'> & { readonly signal: AbortSignal } {
  const controller = new AbortController()
  let released = false
  /** One after the other: a connection answers one question at a time. */
  let asked: Promise<unknown> = Promise.resolve()
  const onEnd = (): void => {
    if (released) return
    controller.abort(new PlimsollError('DATABASE_DOWN', `The lease on ${app} is lost: the database at ${where} closed its connection`, { hint: 'Run the same command again to go on.' }))
  }
  client.on('error', onEnd)
  client.on('end', onEnd)
  return {
    signal: controller.signal,
    async stands() {
      // The lock is the session's: as long as that answers, it is held.
      asked = asked.then(() => client.query('select')).catch(onEnd)
      await asked
      controller.signal.throwIfAborted()
      if (released) throw new PlimsollError('FENCED_OFF', `The lease on ${app} was given back`)
    },
    async release() {
      if (released) return
      released = true
      // A connection that is broken already has given its lock back.
      await client.end().catch(ignore)
    },
  }
}

function ignore(): void {}

/** Lets the server notice within a second that we were killed, or cut off from it. */
async function prepareSession(client: pg.Client): Promise<void> {
  await client.query('set client_connection_check_interval = 500; set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3')
}

const lockOf = (app: AppName): string[] => [`plimsoll:lease:${app}`]

async function lock(client: pg.Client, { app, waitMs }: Wish): Promise<boolean> {
  if (waitMs <= 0) {
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as got', lockOf(app))
    return rows[0]?.got === true
  }
  try {
    await client.query(`set lock_timeout = ${Math.ceil(waitMs)}`)
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', lockOf(app))
    await client.query('set lock_timeout = 0')
    return true
  } catch (error) {
    if (codeOf(error) === '55P03') return false // lock_not_available: the wait is over.
    throw error
  }
}

async function nextFence(client: pg.Client, { app, holder }: Wish): Promise<number> {
  const { rows } = await client.query<{ fence: number }>(
    `insert into plimsoll.counters as c (app, fence, holder, held_since) values ($1, 1, $2, now())
     on conflict (app) do update set fence = c.fence + 1, holder = excluded.holder, held_since = excluded.held_since
     returning fence`,
    [app, holder],
  )
  if (rows[0] === undefined) throw new Error(`no fence came back for ${app}`)
  return rows[0].fence
}

async function locked(client: pg.Client, { app }: Wish): Promise<PlimsollError> {
  const { rows } = await client.query<{ holder: string | null; since: Date | null }>('select holder, held_since as since from plimsoll.counters where app = $1', [app])
  const holder = rows[0]?.holder ?? 'somebody who has just begun'
  const since = rows[0]?.since?.toISOString()
  return new PlimsollError('RELEASE_LOCKED', `${app} is being changed by ${holder}${since === undefined ? '' : ` since ${since}`}`, {
    hint: `Wait for it to end; see what it does: plimsoll status --app ${app}`,
    details: { holder, ...(since !== undefined && { since }) },
  })
}
