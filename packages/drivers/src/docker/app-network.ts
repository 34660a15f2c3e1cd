import type { AppName } from '@plimsoll/model'
import { z } from 'zod'
import { withLock } from '../process/lock.ts'
import { lockName } from '../process/place.ts'
import type { Dock } from './containers.ts'
import { appLabels, labelFilter, networkName } from '../container/place-labels.ts'

/**
 * Does `work` while the app's network is there and is not taken away: what it creates keeps the network from then on.
 * The network is made first unless there is one.
 */
export function withNetwork<T>(dock: Dock, app: AppName, { work, signal }: { readonly work: () => Promise<T>; readonly signal: AbortSignal }): Promise<T> {
  return withLock(lockOf(dock, app), async () => {
    const { engine, place } = dock
    const path = `/networks/${networkName(place, app)}`
    const to = `make the network of ${app}`
    const { status } = await engine.call({ path, to, also: [404] }, signal)
    const body = { Name: networkName(place, app), CheckDuplicate: true, Driver: 'bridge', Labels: appLabels(place, app) }
    if (status === 404) await engine.call({ method: 'POST', path: '/networks/create', body, to, also: [409] }, signal)
    return work()
  }, signal)
}

/** Engines have room for some thirty networks only. One that a container of the app may still need stays. */
export async function dropNetwork(dock: Dock, app: AppName, signal: AbortSignal): Promise<void> {
  const { engine, place } = dock
  await withLock(lockOf(dock, app), async () => {
    const to = `remove the network of ${app}`
    const containers = await engine.read(z.array(z.unknown()), { path: '/containers/json', query: { all: true, filters: labelFilter(place, { app }) }, to }, signal)
    // 403: something that is not ours was attached to it.
    if (containers.length === 0) await engine.call({ method: 'DELETE', path: `/networks/${networkName(place, app)}`, to, also: [403, 404] }, signal)
  }, signal)
}

function lockOf({ place, clock }: Dock, app: AppName) {
  return { name: lockName(place, `docker-network/${app}`), clock }
}
