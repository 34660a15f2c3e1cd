import { z } from 'zod'
import { hasEnded, tasksOf, type Cluster } from '../cluster.ts'

const serviceSchema = z.array(z.object({ ID: z.string(), Version: z.object({ Index: z.number() }), Spec: z.looseObject({ Name: z.string() }) }))
const pollMs = 100
/** Longest that servers may take to write down what they have. */
const endMs = 120_000

export interface Ending {
  /** Which, as the cluster filters. */
  readonly filters: object
  /** That their services go, too; else they stand with no task, and keep their machine. */
  readonly forEver: boolean
}

/** Ends servers, waits until they have, and gives their names. Twice is once. */
export async function endResources(cluster: Pick<Cluster, 'managers' | 'clock' | 'tasks'>, { filters, forEver }: Ending, signal: AbortSignal): Promise<readonly string[]> {
  const { managers, clock } = cluster
  const to = 'end the databases and key-value services'
  const found = await managers.read(serviceSchema, { path: '/services', query: { filters }, to }, signal)
  for (const { ID, Version, Spec } of found) {
    if (forEver) await managers.call({ method: 'DELETE', path: `/services/${ID}`, to, also: [404] }, signal)
    else await managers.call({ method: 'POST', path: `/services/${ID}/update`, query: { version: Version.Index }, body: { ...Spec, Mode: { Replicated: { Replicas: 0 } } }, to }, signal)
  }
  const going = async (): Promise<boolean> => (await tasksOf(cluster, found.map(({ ID }) => ID), signal)).some((task) => !hasEnded(task))
  for (const until = clock.now() + endMs; clock.now() < until && (await going()); await clock.sleep(pollMs, signal));
  return found.map(({ Spec }) => Spec.Name)
}
