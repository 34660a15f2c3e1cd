import type { DockerEngine } from '@plimsoll/drivers/docker'
import type { SwarmLab } from './raise-swarm-lab.ts'

const patienceMs = 60_000

/** Removes everything that carries the label of a place, whoever made it, from a cluster and its machines. */
export async function clearCluster({ nodes }: Pick<SwarmLab, 'nodes'>, place: string): Promise<void> {
  const [{ engine }] = nodes
  const soon = AbortSignal.timeout(patienceMs)
  const to = 'remove what a test left'
  const query = { filters: { label: [`plimsoll.place=${place}`] }, all: true }
  const list = async (path: string, of: DockerEngine = engine): Promise<string[]> => (JSON.parse((await of.call({ path, query, to }, soon)).body) as { ID?: string; Id?: string }[]).map(({ ID, Id }) => ID ?? Id ?? '')
  for (const id of await list('/services')) await engine.call({ method: 'DELETE', path: `/services/${id}`, to, also: [404] }, soon)
  for (const { engine: each } of nodes) for (const id of await list('/containers/json', each)) await each.call({ method: 'DELETE', path: `/containers/${id}`, query: { force: true, v: true }, to, also: [404, 409] }, soon)
  for (const { engine: each } of nodes) {
    const { Volumes } = JSON.parse((await each.call({ path: '/volumes', query, to }, soon)).body) as { Volumes: { Name: string }[] | null }
    for (const { Name } of Volumes ?? []) await each.call({ method: 'DELETE', path: `/volumes/${Name}`, query: { force: true }, to, also: [404, 409] }, soon)
  }
  for (const id of await list('/secrets')) await engine.call({ method: 'DELETE', path: `/secrets/${id}`, to, also: [400, 404] }, soon)
  // 500: it has just gone elsewhere.
  for (const id of await list('/networks')) await engine.call({ method: 'DELETE', path: `/networks/${id}`, to, also: [400, 403, 404, 409, 500] }, soon)
}
