import { codeOf } from './code-of.ts'
import { findGround, type Ground } from './ground.ts'
import { withStartLock } from './start-lock.ts'
import { isGone, livePostmaster } from './postmaster.ts'

const fastMs = 30_000
const immediateMs = 10_000

/** Ends the embedded server of `home`, whoever started it. Nothing running is success. */
export async function stopPostgres({ home }: { readonly home: string }, signal: AbortSignal): Promise<void> {
  const ground = await findGround(home)
  if (ground !== undefined) await withStartLock(ground.home, () => endPostmaster(ground, signal), signal)
}

/** Fast shutdown (clients are cut, data is written out); after 30 s immediate shutdown, which the next start repairs. */
export async function endPostmaster(ground: Ground, signal: AbortSignal): Promise<void> {
  if (await endWith(ground, { kill: 'SIGINT', withinMs: fastMs }, signal)) return
  if (await endWith(ground, { kill: 'SIGQUIT', withinMs: immediateMs }, signal)) return
  await endWith(ground, { kill: 'SIGKILL', withinMs: immediateMs }, signal)
}

async function endWith(ground: Ground, { kill, withinMs }: { kill: NodeJS.Signals; withinMs: number }, signal: AbortSignal): Promise<boolean> {
  const pid = await livePostmaster(ground)
  if (pid === undefined) return true
  try {
    process.kill(pid, kill)
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error
  }
  return isGone(pid, withinMs, signal)
}
