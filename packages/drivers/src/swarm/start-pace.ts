import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import type { Pace } from './health-check.ts'

const nodesSchema = z.array(z.object({ Description: z.object({ Engine: z.object({ EngineVersion: z.string().default('') }) }) }))

/** How every machine of the cluster can have an instance asked: any of them may get it, also one that is away now. */
export async function paceOfCluster(managers: DockerEngine, signal: AbortSignal): Promise<Pace> {
  const machines = await managers.read(nodesSchema, { path: '/nodes', to: 'say which engines its machines have' }, signal)
  return { hasStart: machines.length > 0 && machines.every(({ Description }) => knowsStart(Description.Engine.EngineVersion)) }
}

/** From 25.0.1 on an engine passes `StartInterval` on to what it runs for a cluster (moby/moby#47152). What names no version counts as older. */
export function knowsStart(version: string): boolean {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []
  if (major === undefined) return false
  const order = [Number(major) - 25, Number(minor), Number(patch) - 1].find((each) => each !== 0) ?? 0
  return order >= 0
}
