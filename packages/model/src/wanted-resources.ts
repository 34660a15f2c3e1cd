import { z } from 'zod'
import { serviceNameSchema } from './names.ts'

const name = z.string()
const plan = z.string().optional()

/** The databases, key-value services and disks that must exist before a release can be wired, with what a place can honour of what its Blueprint says of them. */
export const wantedResourcesSchema = z.object({
  databases: z.array(z.object({
    name, plan,
    databaseName: z.string().optional(),
    user: z.string().optional(),
    /** Of PostgreSQL: `"16"`. */
    majorVersion: z.string().optional(),
  })).readonly(),
  keyValues: z.array(z.object({ name, plan, maxmemoryPolicy: z.string().optional(), persistenceMode: z.string().optional() })).readonly(),
  /** Of services. A place that has several machines settles before anything is built on which one each is. */
  disks: z.array(z.object({ service: serviceNameSchema, name })).readonly().optional(),
})
export type WantedResources = z.infer<typeof wantedResourcesSchema>
