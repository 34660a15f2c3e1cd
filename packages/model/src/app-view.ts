import { z } from 'zod'
import { holdsSchema } from './holds.ts'
import { instanceSchema } from './instance.ts'
import { appNameSchema, type AppName, driverNameSchema, releaseNumberSchema, serviceNameSchema } from './names.ts'
import { problemSchema } from './plimsoll-error.ts'
import { releaseSchema } from './release.ts'
import { serviceKinds } from './unit-spec.ts'

/** One Service of an App, as it stands now. */
export const serviceViewSchema = z.object({
  service: serviceNameSchema,
  kind: z.enum(serviceKinds),
  /** Public address; absent for what has none. */
  url: z.string().optional(),
  /** The same under its own host name, which browsers resolve to this machine. */
  namedUrl: z.string().optional(),
  /** Its live release puts it under maintenance: requests from outside get a page. */
  maintenance: z.literal(true).optional(),
  /** Host names of its own, which a TLS front in front of the edge answers to. */
  domains: z.array(z.string()).default([]),
  /** Instances of the live release. */
  instances: z.array(instanceSchema),
  /** Five fields, UTC. */
  schedule: z.string().optional(),
})
export type ServiceView = z.infer<typeof serviceViewSchema>

/** Something that an App keeps across its releases, and that `down` leaves there. */
export const resourceViewSchema = z.object({ name: z.string(), kind: z.enum(['database', 'keyvalue']) })
export type ResourceView = z.infer<typeof resourceViewSchema>

/** One App, as it stands now: read from the place and the edge, not from memory. */
export const appViewSchema = z.object({
  name: appNameSchema,
  root: z.string(),
  /** What runs its units. */
  place: driverNameSchema.default('process'),
  /** Why the place does not say what runs in it: what the instances of its services are is not known then, and none is told. */
  placeProblem: problemSchema.optional(),
  createdAt: z.iso.datetime(),
  /** The release that serves; null before the first and after `down`. */
  live: releaseSchema.nullable(),
  /** The newest release or rollback that is not under way, whatever became of it; null before the first. */
  last: releaseSchema.nullable().default(null),
  /** Warm releases, newest first. */
  previous: z.array(releaseNumberSchema),
  /** The warm release that `rollback` leads to: the newest that did not go back by itself; where nothing is warm, the one that was live before. Absent where there is none. */
  back: releaseNumberSchema.optional(),
  /** Releases up to this one do not serve again; absent while none was cut off. */
  cutOff: releaseNumberSchema.optional(),
  /** The release or rollback that is under way. */
  underWay: releaseSchema.nullable(),
  /** The release that a share of the visitors meets beside the live one. */
  canary: z.object({ release: releaseNumberSchema, share: z.number() }).nullable().default(null),
  services: z.array(serviceViewSchema),
  /** What keeps its requests from being served now, without the page that is shown meanwhile. */
  holds: holdsSchema.default({}),
  /** Databases and key-value services that the live release uses. */
  resources: z.array(resourceViewSchema).default([]),
})
export type AppView = z.infer<typeof appViewSchema>

/** The app of which it is a throw-away preview, as its releases say; undefined for any other. */
export function previewOf({ live, underWay, last }: Pick<AppView, 'live' | 'underWay' | 'last'>): AppName | undefined {
  return (live ?? underWay ?? last)?.source.preview?.of
}
