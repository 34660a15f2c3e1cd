import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { inspect, isUp, type Dock } from './containers.ts'
import { instancesFilter } from '../container/place-labels.ts'

const lookMs = 1_000
/** What does not stay up when it is started is started ever less often. */
const longestPauseMs = 60_000

const listSchema = z.array(z.object({ Id: z.string() }))

/**
 * Starts again every instance that was ended by somebody else's `docker stop` or `docker kill`, until `signal` fires: the engine restarts what
 * dies, but takes these for a wish. What is to stay down is not kept running any more, or gone. Never throws: what goes wrong is told once for each look, that the engine is away too.
 */
export async function keepInstances(dock: Dock, { report, signal }: { readonly report: (error: unknown) => void; readonly signal: AbortSignal }): Promise<void> {
  const { clock, place } = dock
  const tries = new Map<string, { readonly count: number; readonly next: number }>()
  const once = async (): Promise<void> => {
    for (const id of await endedInstances(dock, signal)) {
      const { count, next } = tries.get(id) ?? { count: 0, next: 0 }
      if (clock.now() < next) continue
      tries.set(id, { count: count + 1, next: clock.now() + Math.min(lookMs * 2 ** count, longestPauseMs) })
      await startAgain(dock, id, signal)
    }
  }
  while (!signal.aborted) {
    // Most homes have no app here, and their machines no engine.
    if (existsSync(join(place.home, 'docker'))) await once().catch((error: unknown) => (signal.aborted ? undefined : report(error)))
    await clock.sleep(lookMs, signal).catch(() => undefined)
  }
}

async function endedInstances({ engine, place }: Dock, signal: AbortSignal): Promise<string[]> {
  const query = { all: true, filters: { ...instancesFilter(place), status: ['exited'] } }
  return (await engine.read(listSchema, { path: '/containers/json', query, to: 'look for instances that have ended' }, signal)).map(({ Id }) => Id)
}

/** Looked at again right before: whoever stops a unit has said so first. */
async function startAgain({ engine }: Dock, id: string, signal: AbortSignal): Promise<void> {
  const found = await inspect(engine, id, signal)
  // 404, 409: it is being removed.
  if (found?.isKept === true && !isUp(found)) await engine.call({ method: 'POST', path: `/containers/${id}/start`, to: `start the container ${id} again`, also: [404, 409] }, signal)
}
