import type { Clock } from '@plimsoll/engine'
import { PlimsollError } from '@plimsoll/model'
import type { Store } from '@plimsoll/store'
import { RateLimiterRes } from 'rate-limiter-flexible'
import { RateLimiterInState } from './rate-limiter-in-state.ts'

/** How often somebody may try to get in, at whichever of several Plimsolls on one state, and whenever each of them started. */
export interface Attempts {
  /** Before anything else that needs no proof of who asks. Throws `TOO_MANY_ATTEMPTS`. */
  note(address: string): Promise<void>
  /** Before a password is looked at. Throws `TOO_MANY_ATTEMPTS` while the name is locked. */
  admit(name: string): Promise<void>
  /** After a wrong one. */
  failed(name: string): Promise<void>
  /** After the right one. */
  succeeded(name: string): Promise<void>
}

const perMinute = 30
const wrongPasswords = 10
const lockedS = 15 * 60

/** 30 attempts a minute from one address, and for a name 10 wrong passwords in a quarter of an hour, after which it is locked for that long. */
export function createAttempts({ store: { attempts }, clock }: { readonly store: Pick<Store, 'attempts'>; readonly clock: Clock }): Attempts {
  const common = { attempts, clock }
  const byAddress = new RateLimiterInState({ ...common, keyPrefix: 'address', points: perMinute, duration: 60 })
  const byName = new RateLimiterInState({ ...common, keyPrefix: 'name', points: wrongPasswords, duration: lockedS, blockDuration: lockedS })
  const keyOf = (name: string): string => name.normalize('NFKC').toLowerCase()
  return {
    note: async (address) => orRefused(byAddress.consume(address)),
    async admit(name) {
      const known = await byName.get(keyOf(name))
      if (known !== null && known.consumedPoints >= wrongPasswords) throw refused(known.msBeforeNext)
    },
    async failed(name) {
      await byName.consume(keyOf(name)).catch(orThrown)
    },
    async succeeded(name) {
      await byName.delete(keyOf(name))
    },
  }
}

async function orRefused(consuming: Promise<RateLimiterRes>): Promise<void> {
  await consuming.catch((reason: unknown) => {
    throw reason instanceof RateLimiterRes ? refused(reason.msBeforeNext) : reason
  })
}

/** That there is nothing left is told by `admit`, the next time. */
function orThrown(reason: unknown): void {
  if (!(reason instanceof RateLimiterRes)) throw reason
}

function refused(ms: number): PlimsollError {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  return new PlimsollError('TOO_MANY_ATTEMPTS', `There were too many attempts; the next one counts in ${seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`}`, {
    details: { retryAfterS: seconds }, hint: 'Whoever can read the home of Plimsoll on its machine gets in at any time: plimsoll console',
  })
}
