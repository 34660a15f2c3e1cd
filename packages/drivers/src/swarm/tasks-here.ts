import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { marksIn } from '../container/place-labels.ts'
import { isAway } from './is-away.ts'
import { slotMark } from './observe-tasks.ts'

/** An instance that runs on the machine of an engine. */
export interface TaskHere {
  readonly engine: DockerEngine
  /** Its id there. */
  readonly container: string
  readonly instance: string
}

const listSchema = z.array(z.object({ Id: z.string(), Labels: z.record(z.string(), z.string()) }))
/** An engine that is away answers nothing; the others are not kept waiting. */
export const patienceMs = 2_000

/** Instances that run on the machines of these engines: each knows of its own and of no other. Of one that is away nothing is told. */
export async function tasksHere(engines: readonly DockerEngine[], filter: object, signal: AbortSignal): Promise<readonly TaskHere[]> {
  const each = engines.map((engine) => unlessAway(async () => {
    const found = await engine.read(listSchema, { path: '/containers/json', query: { filters: { ...filter, status: ['running'] } }, to: 'list what runs on a machine', patienceMs }, signal)
    return found.flatMap(({ Id, Labels }): TaskHere[] => {
      const instance = instanceIn(Labels)
      return instance === undefined ? [] : [{ engine, container: Id, instance }]
    })
  }))
  return (await Promise.all(each)).flatMap((found) => found ?? [])
}

/** Undefined when the engine that is asked is away. */
export async function unlessAway<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (isAway(error)) return undefined
    throw error
  }
}

/** The engine names a task `service.slot.task`. */
function instanceIn(labels: Readonly<Record<string, string>>): string | undefined {
  const [, slot] = /\.(\d+)\.[^.]+$/.exec(labels['com.docker.swarm.task.name'] ?? '') ?? []
  return slot === undefined ? undefined : marksIn(labels)?.id.replace(slotMark, slot)
}
