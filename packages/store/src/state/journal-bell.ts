import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Connection } from '../postgres/own-connection.ts'
import { connectClient } from '../postgres/connect-client.ts'

/** Rings when a journal may have grown. Rings too often rather than too seldom: whoever hears it reads anew. */
export interface JournalBell {
  readonly closed: AbortSignal
  subscribe(journal: string): Subscription
  /** Ends every subscription. Twice is once. */
  close(): Promise<void>
}

export interface Subscription {
  /** Resolves true at the next ring, at once if one was missed; false when the bell is closed or `signal` fires. */
  next(signal: AbortSignal): Promise<boolean>
  end(): void
}

/** One listening connection for all subscribers, there only while there are any, made again when it breaks. */
export function journalBell(connection: Connection): JournalBell {
  const ringers = new Map<symbol, { readonly journal: string; readonly ring: () => void }>()
  const closed = new AbortController()
  let listening: Promise<void> | undefined
  let idle = new AbortController()

  const ringAll = (): void => ringers.forEach(({ ring }) => ring())
  const ringFor = (journal: string): void => ringers.forEach((it) => it.journal === journal && it.ring())

  function begin(): void {
    idle = new AbortController()
    listening = listen({ connection, ringAll, ringFor }, AbortSignal.any([idle.signal, closed.signal]))
  }

  return {
    closed: closed.signal,
    subscribe(journal) {
      const id = Symbol(journal)
      const pulse = makePulse(closed.signal)
      if (ringers.size === 0) begin()
      ringers.set(id, { journal, ring: pulse.ring })
      return {
        next: pulse.next,
        end() {
          if (ringers.delete(id) && ringers.size === 0) idle.abort()
        },
      }
    },
    async close() {
      closed.abort()
      await listening
    },
  }
}

/** A flag that one reader waits for: a ring between two waits is not missed, several count as one. */
function makePulse(closed: AbortSignal): { ring(): void; next(signal: AbortSignal): Promise<boolean> } {
  let rung = false
  let wake = (): void => undefined
  return {
    ring() {
      rung = true
      wake()
    },
    async next(signal) {
      const ends = [signal, closed]
      if (!rung && !ends.some(({ aborted }) => aborted)) {
        // Taken off again: both live longer than this wait, and would collect one for each.
        await new Promise<void>((resolve) => {
          wake = () => {
            for (const end of ends) end.removeEventListener('abort', wake)
            resolve()
          }
          for (const end of ends) end.addEventListener('abort', wake, { once: true })
        })
      }
      rung = false
      return !ends.some(({ aborted }) => aborted)
    },
  }
}

interface Listening {
  readonly connection: Connection
  readonly ringAll: () => void
  readonly ringFor: (journal: string) => void
}

const patienceMs = [50, 100, 200, 500, 1_000]

async function listen(listening: Listening, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    if (await listenOnce(listening, signal)) failures = 0
    if (signal.aborted) return
    const pause = patienceMs[Math.min(failures, patienceMs.length - 1)]
    // Aborted means that nobody listens any more, which is the end and no failure.
    await sleep(pause, undefined, { signal }).catch(() => undefined)
  }
}

/** Listens until the connection ends. Returns whether it ever stood. */
async function listenOnce({ connection, ringAll, ringFor }: Listening, signal: AbortSignal): Promise<boolean> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000, keepAlive: true, application_name: 'plimsoll-watch' })
  client.on('error', () => undefined) // Always followed by `end`, which is what counts.
  const ended = new Promise<void>((resolve) => client.once('end', resolve))
  const stop = (): void => void client.end().catch(() => undefined) // Broken already: `end` has come or will.
  signal.addEventListener('abort', stop, { once: true })
  try {
    await connectClient(client)
    client.on('notification', ({ payload }) => ringFor(payload ?? ''))
    await client.query('listen plimsoll_journal')
    // Whatever was written before this moment was not announced to us.
    ringAll()
    await ended
    return true
  } catch {
    return false // Tried again; readers meanwhile see the reason in their own queries.
  } finally {
    signal.removeEventListener('abort', stop)
    await client.end().catch(() => undefined) // Closed by what ended it.
  }
}
