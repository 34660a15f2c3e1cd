import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DockerEngine } from '@plimsoll/drivers/docker'
import { removeImageNames } from '@plimsoll/drivers/stand-in'

/** One container of a home. */
export interface HomeContainer {
  readonly id: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** In the engine's words: `running`, `exited`. */
  readonly state: string
  /** `172.17.0.1:21000` */
  readonly published: readonly string[]
}

/** Everything that a home has on an engine. */
export interface OnDocker {
  readonly containers: readonly HomeContainer[]
  readonly networks: readonly string[]
  readonly volumes: readonly string[]
}

interface Listed {
  readonly Id: string
  readonly Names: readonly string[]
  readonly Labels: Readonly<Record<string, string>>
  readonly State: string
  readonly Ports: readonly { readonly IP?: string; readonly PublicPort?: number }[]
}

/** Reads it from the engine, by the id that everything of the home is labelled with. */
export async function onDocker(engine: DockerEngine, home: string, signal: AbortSignal): Promise<OnDocker> {
  const place = (await readFile(join(home, 'docker/place-id'), 'utf8').catch(() => '')).trim()
  if (place === '') return { containers: [], networks: [], volumes: [] }
  const list = async <One>(path: string): Promise<One[]> => {
    const query = { all: true, filters: { label: [`plimsoll.place=${place}`] } }
    const listed = JSON.parse((await engine.call({ path, query, to: `list ${path}` }, signal)).body) as One[] | { readonly Volumes: One[] | null }
    return Array.isArray(listed) ? listed : (listed.Volumes ?? [])
  }
  const [containers, networks, volumes] = await Promise.all([list<Listed>('/containers/json'), list<{ Name: string }>('/networks'), list<{ Name: string }>('/volumes')])
  return { containers: containers.map(containerOf), networks: networks.map(({ Name }) => Name), volumes: volumes.map(({ Name }) => Name) }
}

/** Removes whatever a home has on an engine, and tells what it was, but for images: those are to outlive what runs, and go without a word. */
export async function clearDocker(engine: DockerEngine, home: string, signal: AbortSignal): Promise<string[]> {
  const { containers, networks, volumes } = await onDocker(engine, home, signal)
  const remove = (path: string, query: object = {}) => engine.call({ method: 'DELETE', path, query: { ...query }, to: `remove ${path}`, also: [403, 404, 409] }, signal)
  for (const { id } of containers) await remove(`/containers/${id}`, { force: true, v: true })
  for (const name of networks) await remove(`/networks/${name}`)
  for (const name of volumes) await remove(`/volumes/${name}`)
  // Artifacts of this place have the ids of their images.
  for (const id of await readdir(join(home, 'docker/artifacts')).catch(() => [])) await removeImageNames(engine, `sha256:${id}`, signal)
  return [...containers.map(({ name }) => name), ...networks.map((name) => `network ${name}`), ...volumes.map((name) => `volume ${name}`)]
}

function containerOf({ Id, Names, Labels, State, Ports }: Listed): HomeContainer {
  const published = Ports.flatMap(({ IP, PublicPort }) => (PublicPort === undefined ? [] : [`${IP ?? ''}:${PublicPort}`]))
  return { id: Id, name: Names[0] ?? Id, labels: Labels, state: State, published }
}
