import { sizeOfPlan, type PlanSize } from '@plimsoll/model'
import { z } from 'zod'
import type { DockerEngine } from './engine/docker-engine.ts'

const infoSchema = z.object({ NCPU: z.number() })

/** What a plan means on this engine: its own size, but no more processors than there are, which the engine refuses. */
export function createPlanBook(engine: DockerEngine): (plan: string | undefined, signal: AbortSignal) => Promise<PlanSize | undefined> {
  return async (plan, signal) => {
    if (plan === undefined) return undefined
    const { cpus, memoryMb } = sizeOfPlan(plan)
    const { NCPU } = await engine.read(infoSchema, { path: '/info', to: 'say how big its machine is' }, signal)
    return { cpus: Math.min(cpus, NCPU), memoryMb }
  }
}
