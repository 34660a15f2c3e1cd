import { isDeepStrictEqual } from 'node:util'
import type { RenderService, RenderServiceChange } from '../api/service-schemas.ts'
import { planOf, type WantedService } from './wanted-service.ts'

/** How a service that is there differs from what is wanted. */
export interface ServiceDifference {
  /** Only what differs; undefined for nothing. */
  readonly change: Omit<RenderServiceChange, 'image'> & { readonly imagePath?: string } | undefined
  /** The names of what `change` holds, as people know them. */
  readonly fields: readonly string[]
  /** How many instances it is to have, where that differs. */
  readonly instances: number | undefined
  /** What differs and cannot be changed there, in whole sentences. */
  readonly left: readonly string[]
}

/** What the Blueprint leaves out stays as it is. */
export function compareService({ type, serviceDetails = {}, name, ...wanted }: WantedService, { service }: { readonly service: RenderService }): ServiceDifference {
  const { numInstances, disk, region, envSpecificDetails = {}, ...details } = serviceDetails
  const now = service.serviceDetails
  const outer = differing(wanted, { ...service })
  // It is set beside the other details and shown among the commands.
  const preDeployCommand = now.envSpecificDetails?.preDeployCommand
  const inner = differing(details, { ...now, preDeployCommand, plan: now.plan === undefined ? undefined : planOf(now.plan) })
  const commands = differing(envSpecificDetails, now.envSpecificDetails ?? {})
  const inside = { ...inner, ...(size(commands) > 0 && { envSpecificDetails: commands }) }
  const change = { ...outer, ...(size(inside) > 0 && { serviceDetails: inside }) }
  return {
    change: size(change) === 0 ? undefined : change,
    fields: [...Object.keys(outer), ...Object.keys(inner), ...Object.keys(commands)],
    instances: numInstances !== undefined && now.numInstances !== undefined && now.numInstances !== numInstances ? numInstances : undefined,
    left: [
      ...(service.type === type ? [] : [`${name} is there as ${service.type}, and stays that: the kind of a service does not change. Give the new one another name`]),
      ...(region === undefined || now.region === undefined || now.region === region ? [] : [`${name} stays in ${now.region}: a service does not move to another region`]),
      ...(disk === undefined || now.disk?.mountPath === disk.mountPath ? [] : [`The disk of ${name} is not changed: see to it in the dashboard`]),
    ],
  }
}

function differing<Wanted extends object>(wanted: Wanted, now: object): Partial<Wanted> {
  const there = now as Readonly<Record<string, unknown>>
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => !isAlike(value, there[key]))) as Partial<Wanted>
}

/** An empty text stands for what is not set. A repository is the same with and without `.git`. */
function isAlike(wanted: unknown, now: unknown): boolean {
  if (typeof wanted !== 'string') return isDeepStrictEqual(wanted, now)
  return tidy(wanted) === tidy(typeof now === 'string' ? now : '')
}

function tidy(text: string): string {
  return /^https?:/.test(text) ? text.replace(/\/$/, '').replace(/\.git$/, '') : text
}

function size(record: object): number {
  return Object.keys(record).length
}
