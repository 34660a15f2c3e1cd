import { sizeOfPlan, type PlanSize } from '@plimsoll/model'
import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'

const nodesSchema = z.array(z.object({ Description: z.object({ Resources: z.object({ NanoCPUs: z.number() }) }) }))

/** What the plan of a server means in this cluster: its own size, but no more processors than the smallest machine has, which would refuse it. */
export function createMachineBook(managers: DockerEngine): (plan: string | undefined, signal: AbortSignal) => Promise<PlanSize | undefined> {
  return async (plan, signal) => {
    if (plan === undefined) return undefined
    const { cpus, memoryMb } = sizeOfPlan(plan)
    const machines = await managers.read(nodesSchema, { path: '/nodes', to: 'say how big its machines are' }, signal)
    return { cpus: Math.min(cpus, ...machines.map(({ Description }) => Description.Resources.NanoCPUs / 1e9)), memoryMb }
  }
}
