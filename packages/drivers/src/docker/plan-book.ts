import { sizeInPlanName, sizeOfPlan, type PlanSize } from '@plimsoll/model'
import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'

const infoSchema = z.object({ NCPU: z.number() })

/** What the plan of a server means on this engine: its own size, but no more processors than there are, which the engine refuses. */
export function createPlanBook(engine: DockerEngine): (plan: string | undefined, signal: AbortSignal) => Promise<PlanSize | undefined> {
  return async (plan, signal) => {
    if (plan === undefined) return undefined
    const { cpus, memoryMb } = sizeOfPlan(plan)
    return { cpus: await atMostAll(engine, cpus, signal), memoryMb }
  }
}

/** What the plan of a database means on this engine; undefined for no plan, and for one whose name does not say a size. */
export async function databaseSize(engine: DockerEngine, plan: string | undefined, signal: AbortSignal): Promise<Partial<PlanSize> | undefined> {
  const size = sizeInPlanName(plan)
  if (size?.cpus === undefined) return size
  return { ...size, cpus: await atMostAll(engine, size.cpus, signal) }
}

async function atMostAll(engine: DockerEngine, cpus: number, signal: AbortSignal): Promise<number> {
  const { NCPU } = await engine.read(infoSchema, { path: '/info', to: 'say how big its machine is' }, signal)
  return Math.min(cpus, NCPU)
}
