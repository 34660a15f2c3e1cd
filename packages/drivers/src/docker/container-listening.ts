import type { Address, Instance } from '@plimsoll/model'
import { z } from 'zod'
import { parseTcpTable, type Listening } from '../process/describe-listening.ts'
import { containerPort } from '../container/container-environment.ts'
import type { Dock } from './containers.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { outputOf } from '../docker-engine/log-frames.ts'
import { instanceFilter } from '../container/place-labels.ts'

const tables = ['/proc/net/tcp', '/proc/net/tcp6']

/** By a shell's own tools, and by Node where there are none. */
const readers: readonly (readonly string[])[] = [
  ['cat', ...tables],
  ['node', '-p', `${JSON.stringify(tables)}.map((file) => fs.readFileSync(file, 'utf8')).join('')`],
]

/** The engine's own resolver, which is in every container. */
const resolver = '127.0.0.11'

/**
 * Where an instance really listens, whatever it was told, as the machine sees it: its own port is the one that is published for it.
 * Looked up anew at each call; an instance that has ended, or that nothing can look into, listens nowhere.
 */
export async function describeContainerListening({ engine, place }: Dock, instance: Pick<Instance, 'id' | 'address'>, signal: AbortSignal): Promise<readonly Listening[]> {
  const query = { filters: instanceFilter(place, instance.id) }
  const [container] = await engine.read(z.array(z.object({ Id: z.string() })), { path: '/containers/json', query, to: 'look for an instance' }, signal)
  return container === undefined ? [] : listeningIn(engine, { container: container.Id, address: instance.address }, signal)
}

/** Where a container listens. `address` is where its own port is reached. */
export async function listeningIn(engine: DockerEngine, { container, address }: { readonly container: string; readonly address: Address | undefined }, signal: AbortSignal): Promise<readonly Listening[]> {
  for (const command of readers) {
    const text = await runInside(engine, { id: container, command }, signal)
    if (text === undefined) continue
    const open = parseTcpTable(text).filter(({ host }) => host !== resolver)
    return open.map(({ host, port }) => ({ host, port: port === containerPort ? (address?.port ?? port) : port })).toSorted((a, b) => a.port - b.port)
  }
  return []
}

/** What a command printed in a running container; undefined when it could not be run there. */
async function runInside(engine: DockerEngine, { id, command }: { readonly id: string; readonly command: readonly string[] }, signal: AbortSignal): Promise<string | undefined> {
  const to = 'look into a container'
  const made = await engine.call({ method: 'POST', path: `/containers/${id}/exec`, body: { Cmd: command, AttachStdout: true }, to, also: [404, 409] }, signal)
  if (made.status >= 400) return undefined
  const { Id } = z.object({ Id: z.string() }).parse(JSON.parse(made.body))
  const printed = await engine.bytes({ method: 'POST', path: `/exec/${Id}/start`, body: { Detach: false, Tty: false }, to, also: [400, 404, 409] }, signal)
  const { ExitCode } = await engine.read(z.object({ ExitCode: z.number().nullable() }), { path: `/exec/${Id}/json`, to }, signal)
  return ExitCode === 0 ? outputOf(printed) : undefined
}
