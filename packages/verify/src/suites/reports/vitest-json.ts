import { z } from 'zod'
import { jsonReport } from './json-report.ts'
import { reported, type Parsed } from './reported-test.ts'

const fileSchema = z.object({
  name: z.string(),
  status: z.string().optional(),
  message: z.string().optional(),
  assertionResults: z.array(z.object({
    ancestorTitles: z.array(z.string()).default([]),
    title: z.string(),
    status: z.string(),
    duration: z.number().nullish(),
    failureMessages: z.array(z.string()).nullish(),
  })),
})
const vitestSchema = z.object({ testResults: z.array(fileSchema) })

/** What `vitest --reporter=json` writes, and Jest too. */
export function parseVitestJson(text: string): Parsed {
  return jsonReport(text, vitestSchema, ({ testResults }) => testResults.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.map((result) => reported({
      file: name,
      titles: [...result.ancestorTitles, result.title],
      is: result.status === 'passed' || result.status === 'failed' ? result.status : 'skipped',
      tookMs: result.duration ?? 0,
      message: result.failureMessages?.join('\n'),
    }))
    // A file that could not be loaded has no tests, and has not passed.
    return status === 'failed' && tests.every(({ is }) => is !== 'failed') ? [...tests, reported({ file: name, titles: ['(the file itself)'], is: 'failed', message })] : tests
  }))
}
