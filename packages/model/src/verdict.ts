import { z } from 'zod'
import { serviceNameSchema } from './names.ts'

/** The answer to one question that was asked of a candidate. */
export const verdictSchema = z.object({
  /** The check's id, e.g. `web.pages`. */
  check: z.string(),
  service: serviceNameSchema.optional(),
  is: z.enum(['pass', 'fail', 'inconclusive', 'skipped']),
  /** One sentence: what was found, or why it was skipped. */
  finding: z.string(),
  /** A command or request that shows the same thing. */
  reproduce: z.string().optional(),
  hint: z.string().optional(),
  tookMs: z.number().nonnegative(),
})
export type Verdict = z.infer<typeof verdictSchema>
