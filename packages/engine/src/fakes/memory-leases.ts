import { PlimsollError, type AppName } from '@plimsoll/model'
import type { Clock } from '../clock.ts'
import type { Lease, Leases } from '../lease.ts'

export interface MemoryLeases extends Leases {
  /** Takes the lease away from its holder, as a lost database session does. Nobody holding it is fine. */
  lose(app: AppName): void
  /** Who holds the app's lease now. */
  holder(app: AppName): string | undefined
}

interface Held {
  readonly holder: string
  readonly since: number
  readonly lost: AbortController
}

const pollMs = 50

/** Leases of one process, with a fence that grows per app. */
export function memoryLeases({ clock }: { readonly clock: Clock }): MemoryLeases {
  const held = new Map<AppName, Held>()
  const fences = new Map<AppName, number>()

  function take(app: AppName, holder: string): Lease {
    const mine: Held = { holder, since: clock.now(), lost: new AbortController() }
    const fence = (fences.get(app) ?? 0) + 1
    fences.set(app, fence)
    held.set(app, mine)
    const release = async () => {
      if (held.get(app) === mine) held.delete(app)
    }
    const stands = async () => {
      mine.lost.signal.throwIfAborted()
      if (held.get(app) !== mine) throw new PlimsollError('FENCED_OFF', `The lease of ${app} was given back`)
    }
    return { fence, lost: mine.lost.signal, stands, release }
  }

  return {
    async acquire(app, { holder, waitMs }, signal) {
      signal.throwIfAborted()
      const until = clock.now() + waitMs
      for (let other = held.get(app); other !== undefined; other = held.get(app)) {
        if (clock.now() >= until) throw locked(app, other)
        await clock.sleep(Math.min(pollMs, until - clock.now()), signal)
      }
      return take(app, holder)
    },
    lose(app) {
      const mine = held.get(app)
      held.delete(app)
      mine?.lost.abort(new PlimsollError('FENCED_OFF', `The lease of ${app} was lost`))
    },
    holder: (app) => held.get(app)?.holder,
  }
}

function locked(app: AppName, other: Held): PlimsollError {
  const since = new Date(other.since).toISOString()
  return new PlimsollError('RELEASE_LOCKED', `${app} is being changed by ${other.holder} since ${since}`, {
    hint: 'Wait for it to end, or look at it: plimsoll status',
    details: { holder: other.holder, since },
  })
}
