import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from '@plimsoll/client'
import { contract, isPlimsollError, type AppName, type Release } from '@plimsoll/model'
import { countIn } from './number-in.ts'
import { durationText } from './screen/durations.ts'
import type { Session } from './session.ts'

/** The option of every command that a release of the same app keeps out. */
export const waitOption = ['--wait <seconds>', 'how long to wait while a release of the app runs (default: 0 on a terminal, else 900)'] as const

export interface WaitOptions {
  readonly wait?: string
}

/** A person at a terminal is told at once that somebody else releases; a pipeline waits its turn. Throws `USAGE`. */
export function waitMsOf({ out }: Pick<Session, 'out'>, { wait }: WaitOptions): number {
  if (wait !== undefined) return countIn(wait, '--wait') * 1_000
  return out.isTTY ? 0 : 15 * 60_000
}

export interface Turn {
  readonly client: Client
  readonly session: Pick<Session, 'err' | 'interrupted'>
  readonly app: AppName
  readonly waitMs: number
}

/** What holds an app for a moment without being a release: another command, or the end of a warm release. */
const momentMs = 200

/**
 * Asks, and asks again once the release is over that was in the way, for `waitMs` in all; says on standard error what it waits
 * for. Throws what `ask` does, `RELEASE_LOCKED` when the time is over, and the reason of a Ctrl-C.
 */
export async function inTurn<T>({ client, session, app, waitMs }: Turn, ask: () => Promise<T>): Promise<T> {
  const late = AbortSignal.timeout(waitMs)
  const endsAt = performance.now() + waitMs
  let told: number | undefined
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (waitMs === 0 || late.aborted || !isPlimsollError(error) || error.code !== 'RELEASE_LOCKED') throw error
    }
    const { underWay } = await client.call(contract.showApp, { params: { app } }, session.interrupted)
    if (underWay !== null && underWay.number !== told) session.err.write(`Waiting for release ${underWay.number} of ${app} to end, ${durationText(endsAt - performance.now())} at most\n`)
    told = underWay?.number ?? told
    await over({ client, underWay }, AbortSignal.any([late, session.interrupted])).catch(unless(late))
  }
}

async function over({ client, underWay }: { readonly client: Client; readonly underWay: Release | null }, signal: AbortSignal): Promise<void> {
  if (underWay === null) return delay(momentMs, undefined, { signal })
  for await (const event of client.stream(contract.watchRelease, { params: { app: underWay.app, release: underWay.number } }, signal)) if (event.event === 'end') return
}

/** The end of the time is not told here: who asks once more hears who is in the way. */
function unless(late: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!late.aborted) throw error
  }
}
