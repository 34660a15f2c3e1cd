import type { DatabaseAddress } from '@plimsoll/model'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClient } from './with-client.ts'

/** A lock that kept others from writing, or from everything, for a while. */
export interface HeldLock {
  /** Qualified name. */
  readonly table: string
  /** As PostgreSQL calls it: `AccessExclusiveLock`. */
  readonly mode: string
  readonly heldMs: number
}

export interface LockWatch {
  /** The locks that were seen until now, the longest first; ends the watch. Throws what ended it before. */
  end(): Promise<readonly HeldLock[]>
}

const lookEveryMs = 15

/** What keeps somebody else from writing or reading. */
const lookQuery = `
  select l.pid || ' ' || l.mode || ' ' || n.nspname || '.' || c.relname as key, n.nspname || '.' || c.relname as table, l.mode
  from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
  where l.locktype = 'relation' and l.granted and l.database = (select oid from pg_database where datname = current_database())
    and l.pid <> pg_backend_pid() and c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_'
    and l.mode in ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock')`

/** Looks again and again, from a connection of its own, who holds what. A lock that is held for less than some 15 ms may not be seen. */
export async function watchLocks(address: DatabaseAddress, signal: AbortSignal): Promise<LockWatch> {
  const over = new AbortController()
  const begun = Promise.withResolvers<void>()
  const watching = withClient(address, async (client) => {
    const open = new Map<string, HeldLock & { readonly since: number }>()
    const seen: HeldLock[] = []
    while (!over.signal.aborted) {
      const { rows } = await client.query<{ key: string; table: string; mode: string }>(lookQuery)
      const now = performance.now()
      begun.resolve()
      const held = new Set(rows.map(({ key }) => key))
      for (const [key, lock] of open) {
        if (held.has(key)) continue
        seen.push(lock)
        open.delete(key)
      }
      for (const { key, table, mode } of rows) {
        const since = open.get(key)?.since ?? now
        open.set(key, { table, mode, since, heldMs: Math.round(now - since) })
      }
      await sleep(lookEveryMs)
    }
    return [...seen, ...open.values()].map(({ table, mode, heldMs }) => ({ table, mode, heldMs })).toSorted((one, other) => other.heldMs - one.heldMs)
  }, {}, signal)
  watching.catch(begun.reject) // Thrown to whoever waits for its beginning, and by `end`.
  await begun.promise
  return {
    async end() {
      over.abort()
      return watching
    },
  }
}
