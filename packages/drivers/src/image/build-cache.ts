import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'

/** What an engine keeps of builds, to be faster the next time. Engines before 23 let go of it for nobody by themselves. */
export interface BuildCache {
  /** To be told before each build. */
  grows(): void
  /** Lets go of what is beyond its room, what was used longest ago first, and never of what a build that runs needs. Asks for nothing when nothing was built since. Throws as the engine does. */
  prune(): Promise<void>
}

export interface BuildCacheOptions {
  readonly engine: DockerEngine
  /** No limit of ours unless given. */
  readonly bytes: number | undefined
}

const prunedSchema = z.object({ SpaceReclaimed: z.number() })

/** To walk through a cache of many gigabytes takes an engine minutes, so that it is asked only for what may have changed. */
const patienceMs = 10 * 60_000

/** Whatever is there at first may have been built a moment before by a Plimsoll that has ended. */
export function openBuildCache({ engine, bytes }: BuildCacheOptions): BuildCache {
  let hasGrown = true
  return {
    grows: () => void (hasGrown = true),
    async prune() {
      if (bytes === undefined || !hasGrown) return
      const query = { all: true, 'keep-storage': Math.max(1, Math.round(bytes)) }
      await engine.read(prunedSchema, { method: 'POST', path: '/build/prune', query, to: 'prune its build cache', patienceMs }, AbortSignal.timeout(patienceMs))
      hasGrown = false
    },
  }
}
