import { isDeepStrictEqual } from 'node:util'
import type { RenderDiskChange } from '../api/disks.ts'
import type { RenderAutoscaling, RenderService, RenderServiceChange, RenderServiceDetails } from '../api/service-schemas.ts'
import type { WantedService } from './wanted-service.ts'

/** How a service that is there differs from what is wanted. */
export interface ServiceDifference {
  /** Only what differs; undefined for nothing. */
  readonly change: Omit<RenderServiceChange, 'image'> & { readonly imagePath?: string; readonly imageCredentialId?: string } | undefined
  /** The names of what `change` holds, as people know them. */
  readonly fields: readonly string[]
  /** How many instances it is to have, where that differs. */
  readonly instances: number | undefined
  /** How it is to scale by itself, where that differs. */
  readonly autoscaling: RenderAutoscaling | undefined
  /** The disk that it is to have and has not, or what of its disk differs. */
  readonly disk: { readonly id: string | undefined; readonly change: RenderDiskChange } | undefined
  /** What differs and cannot be changed there, in whole sentences. */
  readonly left: readonly string[]
}

/** What the Blueprint leaves out stays as it is. */
export function compareService({ type, serviceDetails = {}, name, imageCredentialId, ...wanted }: WantedService, { service }: { readonly service: RenderService }): ServiceDifference {
  const { numInstances, autoscaling, disk, region, envSpecificDetails = {}, ...details } = serviceDetails
  const now = service.serviceDetails
  const outer = { ...differing(wanted, { ...service }), ...differing({ ...(imageCredentialId !== undefined && { imageCredentialId }) }, { imageCredentialId: service.registryCredential?.id }) }
  // It is set beside the other details and shown among the commands.
  const { preDeployCommand, registryCredential } = now.envSpecificDetails ?? {}
  const inner = differing(details, { ...now, preDeployCommand })
  const commands = differing(envSpecificDetails, { ...now.envSpecificDetails, registryCredentialId: registryCredential?.id })
  const inside = { ...inner, ...(size(commands) > 0 && { envSpecificDetails: commands }) }
  const change = { ...outer, ...(size(inside) > 0 && { serviceDetails: inside }) }
  const scales = autoscaling !== undefined || now.autoscaling?.enabled === true
  return {
    change: size(change) === 0 ? undefined : change,
    fields: [...Object.keys(outer), ...Object.keys(inner), ...Object.keys(commands)],
    instances: !scales && numInstances !== undefined && now.numInstances !== undefined && now.numInstances !== numInstances ? numInstances : undefined,
    autoscaling: autoscaling === undefined || scalesAlike(autoscaling, now.autoscaling) ? undefined : autoscaling,
    disk: disk === undefined ? undefined : diskDifference(disk, now.disk),
    left: [
      ...(service.type === type ? [] : [`${name} is there as ${service.type}, and stays that: the kind of a service does not change. Give the new one another name`]),
      ...(region === undefined || now.region === undefined || now.region === region ? [] : [`${name} stays in ${now.region}: a service does not move to another region`]),
      ...(autoscaling === undefined && now.autoscaling?.enabled === true && numInstances !== undefined ? [`numInstances of ${name} is not set: it scales by itself there. Switch that off in the dashboard, or write scaling`] : []),
      ...(disk?.sizeGB !== undefined && now.disk !== undefined && disk.sizeGB < now.disk.sizeGB ? [`The disk of ${name} stays at ${now.disk.sizeGB} GB: a disk on Render only grows`] : []),
    ],
  }
}

/** What Render's own sync makes where a Blueprint names no size. */
const usualDiskGB = 10

function diskDifference({ name, mountPath, sizeGB }: NonNullable<RenderServiceDetails['disk']>, now: RenderService['serviceDetails']['disk']): ServiceDifference['disk'] {
  if (now === undefined) return { id: undefined, change: { name, mountPath, sizeGB: sizeGB ?? usualDiskGB } }
  const change = { ...differing({ name, mountPath }, now), ...(sizeGB !== undefined && sizeGB > now.sizeGB && { sizeGB }) }
  return size(change) === 0 ? undefined : { id: now.id, change }
}

function scalesAlike(wanted: RenderAutoscaling, now: RenderAutoscaling | undefined): boolean {
  const plain = ({ enabled, min, max, criteria: { cpu, memory } }: RenderAutoscaling) => [enabled, min, max, ...[cpu, memory].map((target) => target.enabled && target.percentage)]
  return now !== undefined && isDeepStrictEqual(plain(wanted), plain(now))
}

function differing<Wanted extends object>(wanted: Wanted, now: object): Partial<Wanted> {
  const there = now as Readonly<Record<string, unknown>>
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => !isAlike(value, there[key]))) as Partial<Wanted>
}

/** An empty text stands for what is not set, as does an empty list. A repository is the same with and without `.git`, and who may come is no matter of order. */
function isAlike(wanted: unknown, now: unknown): boolean {
  if (Array.isArray(wanted)) return isSameSet(wanted, Array.isArray(now) ? now : [])
  if (typeof wanted !== 'string') return isDeepStrictEqual(wanted, now)
  return tidy(wanted) === tidy(typeof now === 'string' ? now : '')
}

/** Whether two lists hold the same, in whatever order. */
export function isSameSet(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((each) => other.some((its) => isDeepStrictEqual(each, its)))
}

function tidy(text: string): string {
  return /^https?:/.test(text) ? text.replace(/\/$/, '').replace(/\.git$/, '') : text
}

function size(record: object): number {
  return Object.keys(record).length
}
