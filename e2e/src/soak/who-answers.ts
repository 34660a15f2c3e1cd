import { Agent } from 'node:http'
import type { CrashWorld } from '../crash/crash-world.ts'
import { ownersIn } from '../judge/served-by.ts'
import { thisMachine } from '../load/agent-for.ts'
import { patienceMs } from '../load/arrival.ts'
import { exchange } from '../load/exchange.ts'

/** Asks every service that is reached from outside who it is; where that is not the release that is said to be live, it is told. */
export async function untrueAnswers(world: CrashWorld): Promise<string[]> {
  const live = (await world.view()).live?.number ?? 0
  const { web, api } = await world.target()
  const told = await Promise.all([web, api].map(async (origin) => {
    const agent = new Agent({ lookup: thisMachine })
    const { headers } = await exchange({ what: 'who answers', url: new URL('/healthz', origin), agent, timeoutMs: patienceMs })
    agent.destroy()
    const servedBy = String(headers['x-served-by'] ?? 'nobody')
    return ownersIn(new Map())(servedBy).includes(live) ? [] : [`release ${live} is said to be live, and ${servedBy} answered`]
  }))
  return told.flat()
}
