import type { Clock } from '@plimsoll/engine'
import type { Address, AppName, Instance, Unit } from '@plimsoll/model'
import { z } from 'zod'
import type { Place } from '../process/place.ts'
import { keptRunning, leftStopped } from './container-body.ts'
import type { DockerEngine, EngineAnswer } from '../docker-engine/docker-engine.ts'
import { isWritten, labelFilter, marksIn, type Marks, type Role } from '../container/place-labels.ts'
import { settlePolicy } from './settle-policy.ts'
import { tarOf, type TarEntry } from '../container/tar.ts'

/** What the verbs of the driver work with. */
export interface Dock {
  readonly engine: DockerEngine
  readonly place: Place
  readonly clock: Clock
}

export interface Container {
  readonly id: string
  readonly marks: Marks
  readonly status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'
  /** Of its first process, on the engine's machine; 0 when it does not run. */
  readonly pid: number
  readonly exitCode: number
  /** That the kernel killed it for want of memory. */
  readonly outOfMemory: boolean
  /** What it may have at most; 0 without a limit. */
  readonly memoryBytes: number
  readonly startedAt: string
  readonly restarts: number
  /** What the check says that its image brings along; none in images whose Dockerfile was written: it asks what Plimsoll asks anyway. */
  readonly health: Instance['health']
  /** That the engine starts it again when it ends. */
  readonly isKept: boolean
  /** Where it is reached from the machine, if it listens. */
  readonly address: Address | undefined
}

const listSchema = z.array(z.object({ Id: z.string() }))

/** `none` where there is no check; an engine says nothing of it, too. */
const healthSchema = z.object({ Status: z.string(), Log: z.array(z.object({ Output: z.string() })).nullish() }).nullish()

const containerSchema = z.object({
  Id: z.string(),
  RestartCount: z.number(),
  Config: z.object({ Labels: z.record(z.string(), z.string()) }),
  HostConfig: z.object({ Memory: z.number(), RestartPolicy: z.object({ Name: z.string() }), PortBindings: z.record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.coerce.number() })).nullable()).nullish() }),
  State: z.object({
    Status: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
    Pid: z.number(), ExitCode: z.number(), OOMKilled: z.boolean(), StartedAt: z.string(), Health: healthSchema,
  }),
})

export interface Whose {
  readonly app: AppName
  readonly unit?: Unit
  readonly role?: Role
}

/** The containers of an app, or of one unit of it, read anew; by unit, then by index. */
export async function findContainers({ engine, place }: Dock, whose: Whose, signal: AbortSignal): Promise<readonly Container[]> {
  const to = `list the containers of ${whose.app}`
  const listed = await engine.read(listSchema, { path: '/containers/json', query: { all: true, filters: labelFilter(place, whose) }, to }, signal)
  const found = await Promise.all(listed.map(({ Id }) => inspect(engine, Id, signal)))
  return found.filter((each) => each !== undefined).filter(({ status }) => status !== 'removing').toSorted(inOrder)
}

/** By id or by name; undefined where there is none, or one that is not ours. */
export async function inspect(engine: DockerEngine, id: string, signal: AbortSignal): Promise<Container | undefined> {
  const { status, body } = await engine.call({ path: `/containers/${id}/json`, to: `look at the container ${id}`, also: [404] }, signal)
  if (status === 404) return undefined
  const { Id, RestartCount, Config, HostConfig, State } = containerSchema.parse(JSON.parse(body))
  const marks = marksIn(Config.Labels)
  const published = Object.values(HostConfig.PortBindings ?? {}).flat()[0]
  return marks && {
    id: Id, marks, status: State.Status, pid: State.Pid, exitCode: State.ExitCode, outOfMemory: State.OOMKilled, memoryBytes: HostConfig.Memory, startedAt: State.StartedAt, restarts: RestartCount,
    health: isWritten(Config.Labels) ? undefined : healthIn(State.Health),
    isKept: HostConfig.RestartPolicy.Name === keptRunning.Name,
    address: published ? { host: published.HostIp, port: published.HostPort } : undefined,
  }
}

/** Enough of what a check printed to see what is wrong. */
const mostSaid = 300

function healthIn(said: z.infer<typeof healthSchema>): Instance['health'] {
  const is = z.enum(['starting', 'healthy', 'unhealthy']).safeParse(said?.Status)
  return is.success ? { is: is.data, says: (said?.Log?.at(-1)?.Output ?? '').trim().slice(0, mostSaid) } : undefined
}

function inOrder(a: Container, b: Container): number {
  if (a.marks.unit.name !== b.marks.unit.name) return a.marks.unit.name < b.marks.unit.name ? -1 : 1
  return (a.marks.index ?? 0) - (b.marks.index ?? 0)
}

/** That it runs, or will without anybody's help. */
export function isUp({ status }: Container): boolean {
  return status === 'running' || status === 'paused' || status === 'restarting'
}

export async function create({ engine }: Dock, request: { readonly name: string; readonly body: Record<string, unknown>; readonly of: string }, signal: AbortSignal): Promise<void> {
  // 409: somebody else was faster, and the name says that it is the same.
  await engine.call({ method: 'POST', path: '/containers/create', query: { name: request.name }, body: request.body, to: `create a container of ${request.of}`, also: [409] }, signal)
}

/** Starts a container, files and directories put into it before. Gives a refusal as an answer. */
export async function startWith({ engine }: Dock, { id, of, entries }: { readonly id: string; readonly of: string; readonly entries: readonly TarEntry[] }, signal: AbortSignal): Promise<EngineAnswer> {
  const to = `start a container of ${of}`
  if (entries.length > 0) {
    const tar = Buffer.concat([...tarOf(entries)])
    await engine.call({ method: 'PUT', path: `/containers/${id}/archive`, query: { path: '/' }, tar, to }, signal)
  }
  // 304: somebody else has started it.
  return engine.call({ method: 'POST', path: `/containers/${id}/start`, to, also: [400, 404, 409, 500] }, signal)
}

/** Ends a container, and for good: by its own means within `seconds`, else by force. One that has ended, or is gone, is fine. */
export async function halt({ engine, clock }: Pick<Dock, 'engine' | 'clock'>, { id, of, seconds }: { readonly id: string; readonly of: string; readonly seconds: number }, signal: AbortSignal): Promise<void> {
  await settlePolicy({ engine, clock }, { id, policy: leftStopped }, signal)
  await engine.call({ method: 'POST', path: `/containers/${id}/stop`, query: { t: seconds }, to: `stop a container of ${of}`, also: [404], patienceMs: (seconds + 60) * 1_000 }, signal)
}

/** Ends it if need be, without grace, and removes it with all that is its alone. Nothing there is fine. */
export async function remove({ engine, clock }: Dock, id: string, signal: AbortSignal): Promise<void> {
  const to = `remove the container ${id}`
  // 409: it is being removed already.
  const { status } = await engine.call({ method: 'DELETE', path: `/containers/${id}`, query: { force: true, v: true }, to, also: [404, 409] }, signal)
  while (status === 409 && (await inspect(engine, id, signal)) !== undefined) await clock.sleep(50, signal)
}
