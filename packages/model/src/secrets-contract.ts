import { z } from 'zod'
import { problemSchema } from './plimsoll-error.ts'
import { route } from './route.ts'

/** How the secrets of a Plimsoll are kept. Of a key only what it is known as is ever told. */
const secretsStatusSchema = z.object({
  /** Where the keys come from: a path, or the name of a variable. */
  from: z.string(),
  /** Newest first. `missing`: something is sealed with it, and it is not given. */
  keys: z.array(z.object({ id: z.string(), is: z.enum(['current', 'old', 'missing']), secrets: z.number().int() })),
  /** Why nothing can be sealed or opened. */
  problem: problemSchema.optional(),
})
export type SecretsStatus = z.infer<typeof secretsStatusSchema>

const rotatedSchema = z.object({
  /** The key that everything is sealed with from now on. */
  current: z.string(),
  /** Whether it was made now; otherwise a rotation that had not come to its end was finished. */
  made: z.boolean(),
  /** How many secrets were sealed with it. */
  sealed: z.number().int(),
  /** Those that no key opens: they stay as they are. */
  unopened: z.number().int(),
  /** Keys that seal nothing any more, and are gone. */
  dropped: z.array(z.string()),
})
export type Rotated = z.infer<typeof rotatedSchema>

const startedOverSchema = z.object({
  current: z.string(),
  /** Values that are forgotten. */
  forgotten: z.array(z.object({ app: z.string(), key: z.string() })),
  /** Databases whose password is another one from the next release of their app on. */
  newPasswords: z.array(z.object({ app: z.string(), name: z.string() })),
})
export type StartedOver = z.infer<typeof startedOverSchema>

/** The keys that secrets are sealed with. */
export const secretsContract = {
  showSecrets: route({ method: 'GET', path: '/v1/secrets', summary: 'With which keys secrets are sealed, and how many', needs: 'admin', reply: secretsStatusSchema }),
  rotateSecrets: route({ method: 'POST', path: '/v1/secrets/rotation', summary: 'Make a new key and seal all secrets with it, or finish doing so', needs: 'admin', reply: rotatedSchema }),
  startSecretsOver: route({ method: 'POST', path: '/v1/secrets/start-over', summary: 'Give up, for good, the secrets that no key opens', needs: 'admin', reply: startedOverSchema }),
} as const
