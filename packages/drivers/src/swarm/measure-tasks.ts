import type { Needed } from '@plimsoll/engine'
import { isPlimsollError, type AppName } from '@plimsoll/model'
import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { labelFilter, marksIn } from '../container/place-labels.ts'
import { neededIn } from '../docker/measure-containers.ts'
import type { Place } from '../process/place.ts'
import { slotMark } from './observe-tasks.ts'

export interface Measuring {
  /** Each knows what runs on its own machine, and nothing of the others'. */
  readonly engines: readonly DockerEngine[]
  readonly place: Place
}

const listSchema = z.array(z.object({ Id: z.string(), Labels: z.record(z.string(), z.string()) }))
const limitSchema = z.object({ HostConfig: z.object({ Memory: z.number() }) })
/** An engine that is away answers nothing; the others are not kept waiting. */
const patienceMs = 2_000

/** What instances of the app need that run on the machines of these engines. Of one on another machine, or on one that is away, nothing is known, and nothing is told. */
export async function measureTasks({ engines, place }: Measuring, app: AppName, signal: AbortSignal): Promise<readonly Needed[]> {
  const filters = { ...labelFilter(place, { app, role: 'instance' }), status: ['running'] }
  const each = engines.map(async (engine) => {
    try {
      const found = await engine.read(listSchema, { path: '/containers/json', query: { filters }, to: `list the containers of ${app}`, patienceMs }, signal)
      return await Promise.all(found.map(({ Id, Labels }) => measure(engine, { id: Id, instance: instanceIn(Labels) }, signal)))
    } catch (error) {
      if (isPlimsollError(error) && error.code === 'ENGINE_DOWN') return []
      throw error
    }
  })
  return (await Promise.all(each)).flat().filter((needed) => needed !== undefined)
}

/** The engine names a task `service.slot.task`. */
function instanceIn(labels: Readonly<Record<string, string>>): string | undefined {
  const [, slot] = /\.(\d+)\.[^.]+$/.exec(labels['com.docker.swarm.task.name'] ?? '') ?? []
  return slot === undefined ? undefined : marksIn(labels)?.id.replace(slotMark, slot)
}

/** Undefined when it has ended meanwhile. */
async function measure(engine: DockerEngine, { id, instance }: { readonly id: string; readonly instance: string | undefined }, signal: AbortSignal): Promise<Needed | undefined> {
  if (instance === undefined) return undefined
  const to = `measure the container ${id}`
  const [stats, container] = await Promise.all([
    engine.call({ path: `/containers/${id}/stats`, query: { stream: false, 'one-shot': true }, to, also: [404, 409], patienceMs }, signal),
    engine.call({ path: `/containers/${id}/json`, to, also: [404], patienceMs }, signal),
  ])
  if (stats.status >= 400 || container.status >= 400) return undefined
  return neededIn(stats.body, { instance, limit: limitSchema.parse(JSON.parse(container.body)).HostConfig.Memory })
}
