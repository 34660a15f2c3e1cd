import { z } from 'zod'
import { instanceSchema } from './instance.ts'
import { problemSchema } from './plimsoll-error.ts'

/** What an instance needs of its machine now, with all that it started. */
const instanceNeedsSchema = z.object({
  /** Of one processor, lately: 1.5 is one and a half of them. */
  cpu: z.number().nonnegative(),
  /** In use, without what is only cached. */
  memoryBytes: z.number().int().nonnegative(),
  /** What it may use at most; absent without a limit. */
  memoryLimitBytes: z.number().int().positive().optional(),
})
export type InstanceNeeds = z.infer<typeof instanceNeedsSchema>

const instanceViewSchema = instanceSchema.extend({
  /** What its release is: `other` is one that is neither, such as a candidate, or that should have ended. */
  serves: z.enum(['live', 'canary', 'warm', 'other']),
  /** Absent where it does not run, or its place cannot tell. */
  needs: instanceNeedsSchema.optional(),
})
export type InstanceView = z.infer<typeof instanceViewSchema>

/** Every instance of an App, as its place tells it: those of the live release first, then by service. */
export const runningInstancesSchema = z.object({
  at: z.iso.datetime(),
  instances: z.array(instanceViewSchema),
  /** Whether the place can tell what instances need. */
  measured: z.boolean(),
  /** Why the place does not say what runs in it: nothing is known of its instances then. */
  placeProblem: problemSchema.optional(),
})
export type RunningInstances = z.infer<typeof runningInstancesSchema>
