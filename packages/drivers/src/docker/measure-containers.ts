import type { Needed } from '@plimsoll/engine'
import type { AppName } from '@plimsoll/model'
import { z } from 'zod'
import { findContainers, type Container, type Dock } from './containers.ts'

/** `inactive_file` is what the kernel would give back: of this name where groups are of the second kind, of the other where they are of the first. */
const statsSchema = z.object({
  read: z.string(),
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number() }) }),
  memory_stats: z.object({ usage: z.number().optional(), stats: z.record(z.string(), z.number()).optional() }),
})

/** What each container of the app that runs needs, as the engine tells it. */
export async function measureContainers(dock: Dock, app: AppName, signal: AbortSignal): Promise<readonly Needed[]> {
  const containers = (await findContainers(dock, { app, role: 'instance' }, signal)).filter(({ status }) => status === 'running')
  return (await Promise.all(containers.map((container) => measure(dock, container, signal)))).filter((each) => each !== undefined)
}

/** Undefined when it has ended meanwhile. */
async function measure({ engine }: Dock, { id, marks, memoryBytes: limit }: Container, signal: AbortSignal): Promise<Needed | undefined> {
  const { status, body } = await engine.call({ path: `/containers/${id}/stats`, query: { stream: false, 'one-shot': true }, to: `measure the container ${id}`, also: [404, 409] }, signal)
  return status >= 400 ? undefined : neededIn(body, { instance: marks.id, limit })
}

/** What the engine says of one container; undefined of one that does not run. */
export function neededIn(body: string, { instance, limit }: { readonly instance: string; readonly limit: number }): Needed | undefined {
  const { read, cpu_stats, memory_stats: { usage, stats = {} } } = statsSchema.parse(JSON.parse(body))
  if (usage === undefined) return undefined
  const cached = stats['inactive_file'] ?? stats['total_inactive_file'] ?? 0
  const cpuMs = cpu_stats.cpu_usage.total_usage / 1_000_000
  return { instance, at: Date.parse(read), cpuMs, memoryBytes: Math.max(0, usage - cached), ...(limit > 0 && { memoryLimitBytes: limit }) }
}
