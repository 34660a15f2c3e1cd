import { z } from 'zod'
import { appNameSchema, releaseNumberSchema, serviceNameSchema } from './names.ts'
import { someCommitsSchema } from './release-note.ts'

const notKnown = z.object({ is: z.literal('not known'), why: z.string() })

/** One variable that differs: names, and never values. */
export const variableChangeSchema = z.object({
  service: serviceNameSchema,
  key: z.string(),
  /** `moved`: the value is the same, and comes from elsewhere. */
  is: z.enum(['added', 'removed', 'changed', 'moved']),
  /** Where its value comes from, or came from for one that is removed. */
  origin: z.string(),
  /** Where it came from, where that differs. */
  was: z.string().optional(),
})
export type VariableChange = z.infer<typeof variableChangeSchema>

const artifactChangeSchema = z.object({
  service: serviceNameSchema,
  is: z.enum(['same', 'changed', 'added', 'removed']),
  sizeBytes: z.number().int().nonnegative().optional(),
  wasBytes: z.number().int().nonnegative().optional(),
})
export type ArtifactChange = z.infer<typeof artifactChangeSchema>

const schemaChangeSchema = z.object({
  /** The release whose pre-deploy commands do it. */
  release: releaseNumberSchema,
  /** Whether it was tried, and so is known. */
  isKnown: z.boolean(),
  /** In one sentence: what changes, or why that is not known. */
  finding: z.string(),
  /** Code of the release before can meet it. */
  hurts: z.boolean(),
  /** One change each, the worst first. */
  changes: z.array(z.string()),
})
export type SchemaChanges = z.infer<typeof schemaChangeSchema>

/** How a release differs from another: what whoever releases, or goes back, is about to give its users. */
export const releaseChangesSchema = z.object({
  app: appNameSchema,
  /** The release that serves, or would. */
  release: releaseNumberSchema,
  /** The one that it is held against; null where nothing was live. */
  against: releaseNumberSchema.nullable(),
  commits: z.discriminatedUnion('is', [z.object({
    is: z.literal('known'),
    /** What the release brings, newest first. */
    added: someCommitsSchema,
    /** What only the other one has. */
    dropped: someCommitsSchema,
    /** What else is to be known, in sentences: that files differed from the commit, that a clone is shallow. */
    caveats: z.array(z.string()),
  }), notKnown]),
  environment: z.discriminatedUnion('is', [z.object({ is: z.literal('known'), variables: z.array(variableChangeSchema) }), notKnown]),
  artifacts: z.discriminatedUnion('is', [z.object({ is: z.literal('known'), services: z.array(artifactChangeSchema) }), notKnown]),
  /** What pre-deploy commands change: of each release from one to the other, for a schema never goes back. */
  schema: z.discriminatedUnion('is', [z.object({ is: z.literal('known'), steps: z.array(schemaChangeSchema) }), notKnown]),
})
export type ReleaseChanges = z.infer<typeof releaseChangesSchema>
