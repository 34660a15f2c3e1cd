import { z } from 'zod'
import { jsonReport } from './json-report.ts'
import { reported, type Parsed, type ReportedTest } from './reported-test.ts'

const errorSchema = z.object({ message: z.string().optional() })
const resultSchema = z.object({ duration: z.number().default(0), error: errorSchema.optional(), errors: z.array(errorSchema).default([]) })
const specSchema = z.object({
  title: z.string(),
  file: z.string().optional(),
  tests: z.array(z.object({ projectName: z.string().default(''), status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']), results: z.array(resultSchema).default([]) })),
})

interface Group {
  readonly title: string
  readonly file?: string | undefined
  readonly specs?: readonly z.infer<typeof specSchema>[] | undefined
  readonly suites?: readonly Group[] | undefined
}

const groupSchema: z.ZodType<Group> = z.lazy(() => z.object({ title: z.string(), file: z.string().optional(), specs: z.array(specSchema).optional(), suites: z.array(groupSchema).optional() }))
const playwrightSchema = z.object({ suites: z.array(groupSchema), errors: z.array(errorSchema).default([]) })
const states = { expected: 'passed', unexpected: 'failed', flaky: 'flaky', skipped: 'skipped' } as const

/** What Playwright's `json` reporter writes. */
export function parsePlaywrightJson(text: string): Parsed {
  return jsonReport(text, playwrightSchema, ({ suites, errors }) => [
    ...suites.flatMap((group) => testsIn(group, [])),
    // What went wrong outside of every test.
    ...errors.map(({ message }, index) => reported({ titles: [`(outside of tests, ${index + 1})`], is: 'failed', message })),
  ])
}

function testsIn({ title, file, specs = [], suites = [] }: Group, above: readonly string[]): readonly ReportedTest[] {
  // The outermost group is the file.
  const titles = title === file ? above : [...above, title]
  const own = specs.flatMap((spec) => spec.tests.map(({ projectName, status, results }) => reported({
    file: spec.file ?? file,
    titles: [projectName === '' ? '' : `[${projectName}]`, ...titles, spec.title],
    is: states[status],
    tookMs: results.reduce((sum, { duration }) => sum + duration, 0),
    message: results.findLast(({ error, errors }) => (error ?? errors[0]) !== undefined)?.error?.message,
  })))
  return [...own, ...suites.flatMap((group) => testsIn(group, titles))]
}
