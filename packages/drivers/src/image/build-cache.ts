import { z } from 'zod'
import type { DockerEngine } from '../docker/engine/docker-engine.ts'

const prunedSchema = z.object({ SpaceReclaimed: z.number() })

/** To walk through a cache of many gigabytes takes an engine minutes. */
const patienceMs = 10 * 60_000

/**
 * Lets go of what an engine keeps of builds beyond `bytes`, what was used longest ago first, and never of what a build that runs needs. Engines before 23
 * do that for nobody by themselves. Gives how many bytes that freed. Throws as the engine does.
 */
export async function pruneBuildCache(engine: DockerEngine, bytes: number): Promise<number> {
  const request = { method: 'POST', path: '/build/prune', query: { all: true, 'keep-storage': Math.max(1, Math.round(bytes)) }, to: 'prune its build cache', patienceMs } as const
  return (await engine.read(prunedSchema, request, AbortSignal.timeout(patienceMs))).SpaceReclaimed
}
