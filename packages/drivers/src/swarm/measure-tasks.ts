import type { Needed } from '@plimsoll/engine'
import type { AppName } from '@plimsoll/model'
import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { labelFilter } from '../container/place-labels.ts'
import { neededIn } from '../docker/measure-containers.ts'
import type { Place } from '../process/place.ts'
import { patienceMs, tasksHere, unlessAway, type TaskHere } from './tasks-here.ts'

export interface Machines {
  readonly engines: readonly DockerEngine[]
  readonly place: Place
}

const limitSchema = z.object({ HostConfig: z.object({ Memory: z.number() }) })

/** What instances of the app need that run on the machines of these engines. Of one on another machine, or on one that is away, nothing is known, and nothing is told. */
export async function measureTasks({ engines, place }: Machines, app: AppName, signal: AbortSignal): Promise<readonly Needed[]> {
  const found = await tasksHere(engines, labelFilter(place, { app, role: 'instance' }), signal)
  return (await Promise.all(found.map((task) => unlessAway(() => measure(task, signal))))).filter((needed) => needed !== undefined)
}

/** Undefined when it has ended meanwhile. */
async function measure({ engine, container, instance }: TaskHere, signal: AbortSignal): Promise<Needed | undefined> {
  const to = `measure the container ${container}`
  const [stats, found] = await Promise.all([
    engine.call({ path: `/containers/${container}/stats`, query: { stream: false, 'one-shot': true }, to, also: [404, 409], patienceMs }, signal),
    engine.call({ path: `/containers/${container}/json`, to, also: [404], patienceMs }, signal),
  ])
  if (stats.status >= 400 || found.status >= 400) return undefined
  return neededIn(stats.body, { instance, limit: limitSchema.parse(JSON.parse(found.body)).HostConfig.Memory })
}
