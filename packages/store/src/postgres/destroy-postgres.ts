import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findGround } from './ground.ts'
import { withStartLock } from './start-lock.ts'
import { endPostmaster } from './stop-postgres.ts'

/**
 * Ends the embedded server of `home` and removes it with all its data, for ever, also what root keeps of it
 * outside the home. Twice is once. Tests call it before they remove a home.
 */
export async function destroyPostgres({ home }: { readonly home: string }, signal: AbortSignal): Promise<void> {
  const ground = await findGround(home)
  if (ground === undefined) return
  const destroy = async (): Promise<void> => {
    await endPostmaster(ground, signal)
    for (const directory of [ground.root, ground.socketDirectory]) await rm(directory, { recursive: true, force: true })
    // Last: as long as it is there, an interrupted removal can be called again.
    await rm(join(ground.home, 'postgres.json'), { force: true })
  }
  await withStartLock(ground.home, destroy, signal)
}
