import { repositorySchema } from '@plimsoll/model'
import { z } from 'zod'

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable')

/**
 * The `notify` key of `plimsoll.config.ts`. What is secret, as an address that lets whoever knows it write, is never in the file: it is
 * named by the environment variable that holds it.
 */
export const channelsSchema = z.strictObject({
  /** An incoming webhook. */
  slack: z.strictObject({ urlFrom: variable }).optional(),
  /** `serverFrom`: a variable that holds `smtp://user:password@host:587`, or `smtps://…`. */
  email: z.strictObject({ serverFrom: variable, from: z.email(), to: z.array(z.email()).min(1) }).optional(),
  /** Signed as Standard Webhooks say. `secretFrom`: a variable that holds `whsec_…`; while it is changed, both, with a space between. */
  webhooks: z.array(z.strictObject({ urlFrom: variable, secretFrom: variable })).max(10).optional(),
  /** A commit status. In GitHub's own CI, everything but the token is known already. */
  github: z.strictObject({
    tokenFrom: variable.default('GITHUB_TOKEN'),
    /** `owner/name`; else what GITHUB_REPOSITORY says. */
    repository: repositorySchema.optional(),
    /** Else what GITHUB_API_URL says, else the public one. */
    apiUrl: z.url({ protocol: /^https?$/ }).optional(),
    context: z.string().min(1).max(100).default('plimsoll verify'),
  }).optional(),
})
export type Channels = z.infer<typeof channelsSchema>
