import { withLock } from '../process/lock.ts'
import { lockName } from '../process/place.ts'
import type { AppName } from '@plimsoll/model'
import { appLabels, placeLabels } from '../container/place-labels.ts'
import { clusterNetwork, edgeNetwork } from './cluster-names.ts'
import { hasServices, type Cluster } from './cluster.ts'
import { dropSecrets } from './content-secrets.ts'

/**
 * Does `work` while the app's network is there and is not taken away: what it creates keeps the network from then on. It spans all machines, and containers
 * that are no tasks may join it: whoever looks at the app from outside of the cluster does.
 */
export function withClusterNetwork<T>(cluster: Cluster, app: AppName, { work, signal }: { readonly work: () => Promise<T>; readonly signal: AbortSignal }): Promise<T> {
  return withLock(lockOf(cluster, app), async () => {
    const { place } = cluster
    await makeNetwork(cluster, { name: clusterNetwork(place, app), labels: appLabels(place, app) }, signal)
    // That of the edges is nobody's alone, and stays.
    await makeNetwork(cluster, { name: edgeNetwork(place), labels: placeLabels(place) }, signal)
    return work()
  }, signal)
}

/** Twice is once. */
export async function makeNetwork({ managers }: Pick<Cluster, 'managers'>, { name, labels }: { readonly name: string; readonly labels: Readonly<Record<string, string>> }, signal: AbortSignal): Promise<void> {
  const to = `make the network ${name}`
  const { status } = await managers.call({ path: `/networks/${name}`, query: { scope: 'swarm' }, to, also: [404] }, signal)
  const body = { Name: name, CheckDuplicate: true, Driver: 'overlay', Scope: 'swarm', Attachable: true, Labels: labels }
  if (status === 404) await managers.call({ method: 'POST', path: '/networks/create', body, to, also: [409] }, signal)
}

/** Removes what the cluster keeps for the app beside its services, as far as none of them needs it any more. False where it goes with something that is just going. */
export function dropUnneeded(cluster: Cluster, app: AppName, signal: AbortSignal): Promise<boolean> {
  return withLock(lockOf(cluster, app), async () => {
    await dropSecrets(cluster, app, signal)
    if (await hasServices(cluster, app, signal)) return true
    await cluster.doors.shut(app, signal)
    // 400, 403, 409: tasks that have just ended, or something that is not ours, are attached to it. Asked again, it goes.
    const { status } = await cluster.managers.call({ method: 'DELETE', path: `/networks/${clusterNetwork(cluster.place, app)}`, to: `remove the network of ${app}`, also: [400, 403, 404, 409] }, signal)
    return status < 400 || status === 404
  }, signal)
}

function lockOf({ place, clock }: Cluster, app: AppName) {
  return { name: lockName(place, `swarm-network/${clusterNetwork(place, app)}`), clock }
}
