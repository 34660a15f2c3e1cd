import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import { isResource, placeFilter } from '../container/place-labels.ts'
import { withLock } from '../process/lock.ts'
import { lockName } from '../process/place.ts'
import type { Cluster } from './cluster.ts'

const nodesSchema = z.array(z.object({
  ID: z.string(),
  Spec: z.object({ Labels: z.record(z.string(), z.string()).nullish(), Availability: z.string().default('active') }),
  Status: z.object({ State: z.string() }),
}))
const servicesSchema = z.array(z.object({ Spec: z.object({
  Labels: z.record(z.string(), z.string()).nullish(),
  TaskTemplate: z.object({ Placement: z.object({ Constraints: z.array(z.string()).nullish() }).nullish() }),
}) }))

export interface Choice<T> {
  /** Of the machines that may keep data: `plimsoll.data` for `node.labels.plimsoll.data == true`. */
  readonly label: string
  /** What a person can do besides labelling a machine. */
  readonly instead: string
  /** Makes what is kept there. Nothing else is given a machine meanwhile, so that the next choice knows of it. */
  readonly work: (machine: string) => Promise<T>
}

/** How the cluster is told that something stays on one machine. */
export function onMachine(id: string): string {
  return `${pin}${id}`
}

/** The machine that {@link onMachine} names; undefined for another constraint. */
export function machineIn(constraint: string): string | undefined {
  return constraint.startsWith(pin) ? constraint.slice(pin.length) : undefined
}

const pin = 'node.id == '

/**
 * By the machine with the label that keeps the fewest databases, key-value services and disks of this place, of those that are there and take tasks. Throws `PLACE_CANNOT` where
 * there is none.
 */
export function onChosenMachine<T>(cluster: Pick<Cluster, 'managers' | 'place' | 'clock'>, { label, instead, work }: Choice<T>, signal: AbortSignal): Promise<T> {
  const { place, clock } = cluster
  return withLock({ name: lockName(place, 'swarm-machines'), clock }, async () => {
    const machine = await chooseMachine(cluster, label, signal)
    if (machine !== undefined) return work(machine)
    throw new PlimsollError('PLACE_CANNOT', `No machine of the cluster may keep data: none that is there has the label ${label}`, {
      hint: `Choose one that is backed up: docker node update --label-add ${label}=true NODE. ${instead}`,
    })
  }, signal)
}

async function chooseMachine({ managers, place }: Pick<Cluster, 'managers' | 'place'>, label: string, signal: AbortSignal): Promise<string | undefined> {
  const all = await managers.read(nodesSchema, { path: '/nodes', to: 'list the machines of the cluster' }, signal)
  const able = all.filter(({ Spec, Status }) => Spec.Labels?.[label] === 'true' && Spec.Availability === 'active' && Status.State === 'ready').map(({ ID }) => ID)
  const services = await managers.read(servicesSchema, { path: '/services', query: { filters: placeFilter(place) }, to: 'see what its machines keep' }, signal)
  const kept = services.filter(({ Spec }) => isResource(Spec.Labels ?? {})).flatMap(({ Spec }) => Spec.TaskTemplate.Placement?.Constraints ?? [])
  const load = (machine: string): number => kept.filter((constraint) => constraint === onMachine(machine)).length
  return able.toSorted((a, b) => load(a) - load(b) || (a < b ? -1 : 1))[0]
}
