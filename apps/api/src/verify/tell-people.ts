import { join } from 'node:path'
import { PlimsollError, type Notice, type Verification } from '@plimsoll/model'
import { channelsSchema, closedReceiversIn, notify, type Channels } from '@plimsoll/verify/notify'
import type { Config } from '../config.ts'
import type { SecretBook } from '../secret-book.ts'
import { systemClock } from '../system-clock.ts'

/** Tells whom a repository wants told how a verification ended. Never throws: a message that nobody gets changes no verdict, and says so. */
export type TellPeople = (verification: Verification, occasion: { readonly channels: Channels | undefined; readonly previous: Verification['state'] | undefined }) => Promise<readonly Notice[]>

const longestMs = 70_000

/** By the variables that Plimsoll was started with. */
export function tellPeople({ home, machine }: Pick<Config, 'home' | 'machine'>, secrets: Pick<SecretBook, 'redact'>): TellPeople {
  const means = { environment: machine, clock: systemClock, closed: closedReceiversIn(join(home, 'closed-receivers.json')), redact: (text: string) => secrets.redact(text) }
  return async (verification, { channels, previous }) => {
    return channels === undefined ? [] : notify({ channels, verification, previous }, means, AbortSignal.timeout(longestMs))
  }
}

/** Who is told, by what `plimsoll.config.ts` says. Throws `CONFIG_INVALID` with every mistake. */
export function channelsIn({ notify: given }: { readonly notify?: unknown }): Channels | undefined {
  if (given === undefined) return undefined
  const read = channelsSchema.safeParse(given)
  if (read.success) return read.data
  const faults = read.error.issues.map((issue) => `${['notify', ...issue.path].join('.')}: ${issue.message}`)
  throw new PlimsollError('CONFIG_INVALID', `plimsoll.config.ts names nobody whom it could tell: ${faults.join('; ')}`)
}
