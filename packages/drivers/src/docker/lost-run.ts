import { constants } from 'node:os'
import { z } from 'zod'
import type { Container } from './containers.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'

/** What the engine notes of a container whose end it did not see, because the machine went down with both. */
const lostCode = 255
const endedByOthers: ReadonlySet<number> = new Set([constants.signals.SIGTERM, constants.signals.SIGKILL].map((number) => number + 128))

const infoSchema = z.object({ LiveRestoreEnabled: z.boolean(), SystemTime: z.string() })
const eventSchema = z.object({ Action: z.string() })

/**
 * Whether nobody knows how a command would have ended, because its engine or the machine went down in the middle of it. One that goes on is not lost, and one
 * that ended by itself while no engine ran has its end: an engine that comes back learns it.
 *
 * An engine without `live-restore` ends what it finds running when it starts, and notes that end like any other; a program that takes SIGTERM well ends
 * with 0 half-way. Only what the engine remembers tells: it has begun none that it found. One that is told to end does the same to its containers, and
 * the next one knows nothing of it; of those only an end by SIGTERM or SIGKILL is a loss, and other ends are taken at their word.
 */
export async function wasLost(engine: DockerEngine, container: Container, signal: AbortSignal): Promise<boolean> {
  if (container.status === 'dead') return true
  if (container.status !== 'exited') return false
  if (container.exitCode === lostCode) return true
  const to = `tell how the container ${container.id} ended`
  const { LiveRestoreEnabled, SystemTime } = await engine.read(infoSchema, { path: '/info', to }, signal)
  if (LiveRestoreEnabled) return false
  const did = await actionsOn(engine, { id: container.id, until: SystemTime, to }, signal)
  if (did.has('start')) return false
  return did.has('kill') || (!did.has('die') && !container.outOfMemory && endedByOthers.has(container.exitCode))
}

/** What the engine remembers of a container since it has started: of all containers together some 256 events. `until` is a time of the engine's own, for it to end its answer. */
async function actionsOn(engine: DockerEngine, { id, until, to }: { readonly id: string; readonly until: string; readonly to: string }, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const query = { since: 0, until: Date.parse(until) / 1_000, filters: { type: ['container'], container: [id], event: ['start', 'kill', 'die'] } }
  const { body } = await engine.call({ path: '/events', query, to }, signal)
  return new Set(body.split('\n').filter((line) => line.trim() !== '').map((line) => eventSchema.parse(JSON.parse(line)).Action))
}
