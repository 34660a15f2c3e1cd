import { appNameSchema, slugOf, unitSchema, type AppName, type ServiceName, type Unit } from '@plimsoll/model'
import { z } from 'zod'
import type { Place } from '../process/place.ts'

/** `instance` is kept running; `exec` is a command that ends by itself. */
export type Role = 'instance' | 'exec'

/** What everything of ours on an engine carries: it is found by this alone. */
export interface Marks {
  readonly app: AppName
  readonly unit: Unit
  readonly role: Role
  /** `RENDER_INSTANCE_ID`. */
  readonly id: string
  /** Of an instance, from 0. */
  readonly index?: number
  /** Of a command that is to run once: its name. */
  readonly run?: string
}

const prefix = 'plimsoll'

/** Who looks into an image: the driver for how to run it, the builder for what it holds. */
export type ProbeFor = 'driver' | 'builder'

/** Of a container that is never started: an image is looked into through it. It belongs to no app. Those of everybody without `of`. */
export function probeLabels(place: Place, of?: ProbeFor): Record<string, string> {
  return { [`${prefix}.place`]: place.id, [`${prefix}.role`]: 'probe', ...(of && { [`${prefix}.for`]: of }) }
}

export function labelsOf(place: Place, { app, unit, role, id, index, run }: Marks): Record<string, string> {
  return {
    ...appLabels(place, app),
    [`${prefix}.unit`]: unit.name,
    [`${prefix}.service`]: unit.service,
    [`${prefix}.release`]: String(unit.release),
    [`${prefix}.role`]: role,
    [`${prefix}.instance`]: id,
    ...(index !== undefined && { [`${prefix}.index`]: String(index) }),
    ...(run !== undefined && { [`${prefix}.run`]: run }),
  }
}

export function appLabels(place: Place, app: AppName): Record<string, string> {
  return { ...placeLabels(place), [`${prefix}.app`]: app }
}

/** Of what belongs to no app. */
export function placeLabels(place: Place): Record<string, string> {
  return { [`${prefix}.place`]: place.id }
}

const marksSchema = z.object({
  app: appNameSchema,
  unit: unitSchema,
  role: z.enum(['instance', 'exec']),
  id: z.string(),
  index: z.number().int().nonnegative().optional(),
  run: z.string().optional(),
})

/** That a Dockerfile was written for the image that carries these labels, or for that of the container. */
export function isWritten(labels: Readonly<Record<string, string>>): boolean {
  return labels[`${prefix}.dockerfile`] === 'written'
}

/** Undefined for what is not ours, or was labelled by a version that we do not understand. */
export function marksIn(labels: Readonly<Record<string, string>>): Marks | undefined {
  const of = (name: string) => labels[`${prefix}.${name}`]
  const marks = marksSchema.safeParse({
    app: of('app'),
    unit: { name: of('unit'), service: of('service'), release: Number(of('release')) },
    role: of('role'),
    id: of('instance'),
    index: of('index') === undefined ? undefined : Number(of('index')),
    run: of('run'),
  })
  if (!marks.success) return undefined
  const { app, unit, role, id, index, run } = marks.data
  return { app, unit, role, id, ...(index !== undefined && { index }), ...(run !== undefined && { run }) }
}

/** Labels as the engine filters by them; `role` and `unit` narrow further. */
export function labelFilter(place: Place, { app, unit, role }: { readonly app: AppName; readonly unit?: Unit; readonly role?: Role }): { readonly label: string[] } {
  const own = { ...appLabels(place, app), ...(unit && { [`${prefix}.unit`]: unit.name, [`${prefix}.service`]: unit.service }), ...(role && { [`${prefix}.role`]: role }) }
  return { label: Object.entries(own).map(([key, value]) => `${key}=${value}`) }
}

/** All that is ours, whosever it is. */
export function placeFilter(place: Place): { readonly label: string[] } {
  return { label: [`${prefix}.place=${place.id}`] }
}

/** Whether it is ours. */
export function isOf(place: Place, labels: Readonly<Record<string, string>>): boolean {
  return labels[`${prefix}.place`] === place.id
}

/** Whose it is; undefined for what belongs to no app. */
export function appIn(labels: Readonly<Record<string, string>>): AppName | undefined {
  return appNameSchema.safeParse(labels[`${prefix}.app`]).data
}

/** Every instance of every app. */
export function instancesFilter(place: Place): { readonly label: string[] } {
  return { label: [`${prefix}.place=${place.id}`, `${prefix}.role=instance`] }
}

/** What an app keeps across its releases. */
export interface ResourceMarks {
  readonly app: AppName
  readonly kind: 'database' | 'keyvalue' | 'disk'
  /** As the Blueprint has it; that of a disk begins with its service's. */
  readonly name: string
}

/** Those of a service's disk. */
export function diskMarks(app: AppName, { service, name }: { readonly service: ServiceName; readonly name: string }): ResourceMarks {
  return { app, kind: 'disk', name: `${service} ${name}` }
}

/** Whether it is what an app keeps as files of a service. */
export function isDisk(labels: Readonly<Record<string, string>>): boolean {
  return labels[`${prefix}.role`] === ('disk' satisfies ResourceMarks['kind'])
}

/** Whether it is what an app keeps across its releases, of whatever kind. */
export function isResource(labels: Readonly<Record<string, string>>): boolean {
  return labels[`${prefix}.resource`] !== undefined
}

/** Of the container and of the volume of a resource. */
export function resourceLabels(place: Place, { app, kind, name }: ResourceMarks): Record<string, string> {
  return { ...appLabels(place, app), [`${prefix}.role`]: kind, [`${prefix}.resource`]: name }
}

/** Of its container, if it is one, and of its volume. */
export function resourceName(place: Place, { app, kind, name }: ResourceMarks): string {
  return `${networkName(place, app)}.${kind}.${slugOf(name)}`
}

/** The resources of a kind: those of one app, or of all. */
export function resourceFilter(place: Place, { app, kind }: { readonly app?: AppName; readonly kind: ResourceMarks['kind'] }): { readonly label: string[] } {
  return { label: [`${prefix}.place=${place.id}`, `${prefix}.role=${kind}`, ...(app === undefined ? [] : [`${prefix}.app=${app}`])] }
}

/** The one container that is this instance. */
export function instanceFilter(place: Place, id: string): { readonly label: string[] } {
  return { label: [`${prefix}.place=${place.id}`, `${prefix}.instance=${id}`] }
}

/** What was left by a Plimsoll that died while it looked into an image. */
export function probeFilter(place: Place, of?: ProbeFor): { readonly label: string[] } {
  return { label: Object.entries(probeLabels(place, of)).map(([key, value]) => `${key}=${value}`) }
}

/** Unique on an engine: the name of a unit alone is not, because `a-b` + `c` and `a` + `b-c` make the same one. `which` is an index, or `exec`. */
export function containerName(place: Place, app: AppName, { unit, which }: { readonly unit: Unit; readonly which: number | 'exec' }): string {
  return `${networkName(place, app)}.${innerLabel(unit)}.${which}`
}

export function networkName(place: Place, app: AppName): string {
  return `${prefix}-${place.id.slice(0, 8)}.${app}`
}

/** By which name the other units of its app reach a unit: `api-r12.storefront.internal`, a top-level domain that is nobody's. */
export function innerHost(app: AppName, unit: Unit): string {
  return `${innerLabel(unit)}.${app}.internal`
}

/** Short enough for a label of a domain name, which the name of a unit need not be. */
function innerLabel({ service, release }: Unit): string {
  return `${slugOf(service)}-r${release}`
}
