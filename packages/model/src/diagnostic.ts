import { z } from 'zod'

/** One thing to know about a place in a file. Lines and columns count from 1. */
export const diagnosticSchema = z.object({
  /** Stable and lower-case, e.g. `unknown-key`. */
  rule: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  file: z.string(),
  line: z.number().int().positive(),
  column: z.number().int().positive(),
  /** As in `services[2].envVars[0].value`; empty for the file itself. */
  path: z.string(),
  message: z.string(),
  hint: z.string().optional(),
})
export type Diagnostic = z.infer<typeof diagnosticSchema>
