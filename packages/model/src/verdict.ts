import { z } from 'zod'
import { serviceNameSchema } from './names.ts'

/** What a question is about: how a report is grouped, so that whoever reads it sees what was covered and what was not. */
export const concerns = ['blueprint', 'environment', 'health', 'web', 'services', 'database', 'auth', 'errors', 'shutdown', 'release', 'load', 'artifact', 'suites'] as const
export const concernSchema = z.enum(concerns)
export type Concern = z.infer<typeof concernSchema>

/** Something that was seen, kept so that nobody has to ask again: lines of a log, a request with its answer, a picture. */
export const evidenceSchema = z.object({
  title: z.string(),
  /** As it is to be read; secrets are removed before it is written down. */
  text: z.string().optional(),
  /** A picture (PNG) or another file, relative to the directory `evidence` beside the report. */
  file: z.string().optional(),
})
export type Evidence = z.infer<typeof evidenceSchema>

/** The answer to one question that was asked of a candidate. */
export const verdictSchema = z.object({
  /** The check's id, e.g. `web.pages`. */
  check: z.string(),
  service: serviceNameSchema.optional(),
  is: z.enum(['pass', 'fail', 'inconclusive', 'skipped']),
  /** `advice`: a `fail` is shown and blocks nothing. Absent, a `fail` blocks. */
  weight: z.literal('advice').optional(),
  /** One sentence: what was found, or why it was skipped. */
  finding: z.string(),
  /** For one that was skipped: the id of the check whose failure is the reason. */
  because: z.string().optional(),
  /** A command or request that shows the same thing. */
  reproduce: z.string().optional(),
  hint: z.string().optional(),
  evidence: z.array(evidenceSchema).optional(),
  tookMs: z.number().nonnegative(),
})
export type Verdict = z.infer<typeof verdictSchema>

/** Whether it keeps a release from going on. */
export function blocks({ is, weight }: Pick<Verdict, 'is' | 'weight'>): boolean {
  return is === 'fail' && weight !== 'advice'
}
