import type { PlanSize } from '@plimsoll/model'
import { z } from 'zod'
import { withNetwork } from '../app-network.ts'
import { keptRunning, limitsOf } from '../container-body.ts'
import { create, type Dock } from '../containers.ts'
import type { EngineAnswer } from '../../docker-engine/docker-engine.ts'
import type { Registry } from '../../registry/registry.ts'
import { resourceLabels, resourceName } from '../../container/place-labels.ts'
import { tarOf, type TarEntry } from '../../container/tar.ts'
import type { ResourceName } from './resource-body.ts'

/** With where images come from that the engine does not have. */
export interface SuppliedDock extends Dock {
  readonly registry: Pick<Registry, 'fetch'>
}

export interface SettledResource {
  readonly resource: ResourceName
  readonly image: string
  /** What the engine is sent for a new one. */
  readonly body: Record<string, unknown>
  /** Written into a container before its first start, or each time: a running server does not see that. */
  readonly files: { readonly entries: readonly TarEntry[]; readonly when: 'new' | 'always' }
}

const stateSchema = z.object({ State: z.object({ Status: z.string() }) })
const sizeSchema = z.object({ HostConfig: z.object({ Memory: z.number(), MemorySwap: z.number(), NanoCpus: z.number() }) })

/** Makes a server unless it is there, and starts it unless it runs. What is there is never made anew: its image reads its data. */
export async function settleResource(dock: SuppliedDock, settled: SettledResource, signal: AbortSignal): Promise<void> {
  const { resource, files, image } = settled
  // Before there is a network, which nobody else would remove, and which others of the app wait for: a pull may take minutes, and fail.
  if ((await look(dock, resource, signal)).status === 404) await dock.registry.fetch({ app: resource.app, service: resource.name, image: { reference: image } }, signal)
  await withNetwork(dock, resource.app, {
    signal,
    async work() {
      const { State } = stateSchema.parse(JSON.parse((await findOrMake(dock, settled, signal)).body))
      // Never started, so a creation that was cut off may lack its files.
      if (State.Status === 'created' || files.when === 'always') await change(dock, settled, { method: 'PUT', path: '/archive', query: { path: '/' }, tar: Buffer.concat([...tarOf(files.entries)]) }, signal)
      // One that was taken down was told not to come back by itself.
      await change(dock, settled, { method: 'POST', path: '/update', body: { RestartPolicy: keptRunning } }, signal)
      await change(dock, settled, { method: 'POST', path: '/start' }, signal)
    },
  })
}

/** Gives a server the size that it is to have, while it runs. Afterwards and not before: to make its data it may take all that there is. None leaves it as it is. */
export async function resize(dock: Dock, { resource, size }: { readonly resource: ResourceName; readonly size: Partial<PlanSize> | undefined }, signal: AbortSignal): Promise<void> {
  if (size === undefined) return
  const { engine, place } = dock
  const path = `/containers/${resourceName(place, resource)}`
  const to = `give ${resource.name} of ${resource.app} its size`
  const { HostConfig: before } = await engine.read(sizeSchema, { path: `${path}/json`, to }, signal)
  const limits = { ...before, ...limitsOf(size) }
  if (JSON.stringify(limits) !== JSON.stringify(before)) await engine.call({ method: 'POST', path: `${path}/update`, body: limits, to }, signal)
}

function look({ engine, place }: Dock, resource: ResourceName, signal: AbortSignal): Promise<EngineAnswer> {
  return engine.call({ path: `/containers/${resourceName(place, resource)}/json`, to: `start ${resource.name} of ${resource.app}`, also: [404] }, signal)
}

async function findOrMake(dock: Dock, { resource, body }: SettledResource, signal: AbortSignal): Promise<EngineAnswer> {
  const { engine, place } = dock
  const name = resourceName(place, resource)
  const to = `start ${resource.name} of ${resource.app}`
  const found = await look(dock, resource, signal)
  if (found.status !== 404) return found
  await engine.call({ method: 'POST', path: '/volumes/create', body: { Name: name, Labels: resourceLabels(place, resource) }, to }, signal)
  await create(dock, { name, body, of: resource.name }, signal)
  return look(dock, resource, signal)
}

/** Asks the engine for something about the container; `path` is below its own. */
// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
async function change({ engine, place }: Dock, { resource }: SettledResource, request: { readonly method: 'POST' | 'PUT'; readonly path: string; readonly query?: Readonly<Record<string, unknown>>; readonly body?: unknown; readonly tar?: Buffer }, signal: AbortSignal): Promise<void> {
  await engine.call({ ...request, path: `/containers/${resourceName(place, resource)}${request.path}`, to: `start ${resource.name} of ${resource.app}` }, signal)
}
