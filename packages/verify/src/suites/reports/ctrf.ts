import { z } from 'zod'
import { jsonReport } from './json-report.ts'
import { reported, type Parsed } from './reported-test.ts'

const ctrfSchema = z.object({
  results: z.object({
    tests: z.array(z.object({
      name: z.string(),
      status: z.enum(['passed', 'failed', 'skipped', 'pending', 'other']),
      duration: z.number().optional(),
      message: z.string().optional(),
      trace: z.string().optional(),
      flaky: z.boolean().optional(),
      filePath: z.string().optional(),
      suite: z.union([z.string(), z.array(z.string())]).optional(),
    })),
  }),
})

/** Common Test Report Format. */
export function parseCtrf(text: string): Parsed {
  return jsonReport(text, ctrfSchema, ({ results }) => results.tests.map(({ name, status, duration, message, trace, flaky, filePath, suite = [] }) => reported({
    file: filePath,
    titles: [...(typeof suite === 'string' ? [suite] : suite), name],
    // `other` is no answer that anybody may rely on.
    is: status === 'passed' ? (flaky === true ? 'flaky' : 'passed') : status === 'failed' || status === 'other' ? 'failed' : 'skipped',
    tookMs: duration,
    message: message ?? trace,
  })))
}
