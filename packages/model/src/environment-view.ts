import { z } from 'zod'
import { appNameSchema, releaseNumberSchema, serviceNameSchema } from './names.ts'
import { blueprintKinds } from './blueprint.ts'

/** One variable of a Service: where its value comes from, and never the value. */
const variableViewSchema = z.object({
  key: z.string(),
  /** As {@link Variable} says. */
  origin: z.string(),
  /** `to come`: made by the next release, once for all. `missing`: nobody has given one, and no release goes on without. */
  state: z.enum(['set', 'to come', 'missing']),
  /** Under which it is kept for the app; absent for what is not kept. */
  keptAs: z.string().optional(),
  /** Builds alone are given it. */
  atBuildOnly: z.literal(true).optional(),
})
export type VariableView = z.infer<typeof variableViewSchema>

/** A value that a person gives, as the Blueprint asks for it with `sync: false`. */
const givenValueSchema = z.object({ keptAs: z.string(), isSet: z.boolean(), services: z.array(serviceNameSchema) })
export type GivenValue = z.infer<typeof givenValueSchema>

/** What the Services of an App are given, and where each value comes from. */
export const environmentViewSchema = z.object({
  app: appNameSchema,
  /** The newest release whose Blueprint could be read: what it asks for is told here. */
  release: releaseNumberSchema,
  /** The Blueprint's file. */
  file: z.string(),
  services: z.array(z.object({ service: serviceNameSchema, kind: z.enum(blueprintKinds), variables: z.array(variableViewSchema) })),
  given: z.array(givenValueSchema),
  /** Kept for the app, and asked for by nothing in the Blueprint. */
  unused: z.array(z.string()),
  /** What to type so that nothing is missing; absent where nothing is. */
  command: z.string().optional(),
})
export type EnvironmentView = z.infer<typeof environmentViewSchema>
