import { join } from 'node:path'
import type { Notice, Verification } from '@plimsoll/model'
import type { Channels } from '@plimsoll/verify/notify'
import type { Config } from '../config.ts'
import type { SecretBook } from '../secret-book.ts'
import { systemClock } from '../system-clock.ts'

/** Tells whom a repository wants told how a verification ended. Never throws: a message that nobody gets changes no verdict, and says so. */
export type TellPeople = (verification: Verification, occasion: { readonly channels: Channels | undefined; readonly previous: Verification['state'] | undefined }) => Promise<readonly Notice[]>

const longestMs = 70_000

/** By the variables that Plimsoll was started with. */
export function tellPeople({ home, machine }: Pick<Config, 'home' | 'machine'>, secrets: Pick<SecretBook, 'redact'>): TellPeople {
  return async (verification, { channels, previous }) => {
    if (channels === undefined) return []
    const { closedReceiversIn, notify } = await import('@plimsoll/verify/notify')
    const means = { environment: machine, clock: systemClock, closed: closedReceiversIn(join(home, 'closed-receivers.json')), redact: (text: string) => secrets.redact(text) }
    return notify({ channels, verification, previous }, means, AbortSignal.timeout(longestMs))
  }
}
