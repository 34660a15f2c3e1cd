import { z } from 'zod'

/** What became of one message about a verification. `closed`: the receiver wants none any more, and gets none. `unsent`: there was nothing that it could have been told, as a commit that there is not. */
export const noticeSchema = z.object({
  channel: z.enum(['slack', 'email', 'webhook', 'github']),
  /** For people, and without what is secret in it: a host, an address, a repository. */
  to: z.string(),
  is: z.enum(['delivered', 'undelivered', 'closed', 'unsent']),
  tries: z.number().int().nonnegative(),
  /** Why it was not delivered. */
  why: z.string().optional(),
})
export type Notice = z.infer<typeof noticeSchema>
