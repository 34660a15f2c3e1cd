import { openDockerEngine, engineAddress } from '@plimsoll/drivers/docker'

/** The place that the container of an instance belongs to. */
export async function placeOf(instance: string, signal: AbortSignal): Promise<string> {
  const [found] = await list<{ Labels: Record<string, string> }>('/containers/json', { label: [`plimsoll.instance=${instance}`] }, signal)
  const place = found?.Labels['plimsoll.place']
  if (place === undefined) throw new Error(`no container runs ${instance}`)
  return place
}

/** Everything on the engine that belongs to a place, by name. */
export async function leftOnDocker(place: string, signal: AbortSignal): Promise<string[]> {
  const filters = { label: [`plimsoll.place=${place}`] }
  const containers = await list<{ Names: string[] }>('/containers/json', filters, signal)
  const networks = await list<{ Name: string }>('/networks', filters, signal)
  const volumes = await list<{ Name: string }>('/volumes', filters, signal)
  return [...containers.flatMap(({ Names }) => Names), ...networks.map(({ Name }) => `network ${Name}`), ...volumes.map(({ Name }) => `volume ${Name}`)]
}

async function list<One>(path: string, filters: object, signal: AbortSignal): Promise<One[]> {
  const { body } = await openDockerEngine(engineAddress(process.env)).call({ path, query: { all: true, filters }, to: `list ${path}` }, signal)
  const listed = JSON.parse(body) as One[] | { readonly Volumes: One[] | null }
  return Array.isArray(listed) ? listed : (listed.Volumes ?? [])
}
