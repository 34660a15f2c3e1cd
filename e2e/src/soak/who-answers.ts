import type { CrashWorld } from '../crash/crash-world.ts'
import { ownersIn } from '../judge/served-by.ts'
import { patienceMs } from '../load/arrival.ts'

/** Asks every service that is reached from outside who it is; where that is not the release that is said to be live, it is told. */
export async function untrueAnswers(world: CrashWorld): Promise<string[]> {
  const live = (await world.view()).live?.number ?? 0
  const { web, api } = await world.target()
  const told = await Promise.all([web, api].map(async (origin) => {
    const answer = await fetch(new URL('/healthz', origin), { signal: AbortSignal.timeout(patienceMs) })
    await answer.arrayBuffer()
    const servedBy = answer.headers.get('x-served-by') ?? 'nobody'
    return ownersIn(new Map())(servedBy).includes(live) ? [] : [`release ${live} is said to be live, and ${servedBy} answered`]
  }))
  return told.flat()
}
