import { z } from 'zod'

const name = z.string()
const plan = z.string().optional()

/** The databases and key-value services that must exist before a release can be wired, with what a place can honour of what its Blueprint says of them. */
export const wantedResourcesSchema = z.object({
  databases: z.array(z.object({
    name, plan,
    databaseName: z.string().optional(),
    user: z.string().optional(),
    /** Of PostgreSQL: `"16"`. */
    majorVersion: z.string().optional(),
  })).readonly(),
  keyValues: z.array(z.object({ name, plan, maxmemoryPolicy: z.string().optional(), persistenceMode: z.string().optional() })).readonly(),
})
export type WantedResources = z.infer<typeof wantedResourcesSchema>
