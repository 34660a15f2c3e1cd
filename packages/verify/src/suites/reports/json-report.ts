import type { z } from 'zod'
import type { Parsed, ReportedTest } from './reported-test.ts'

/** Reads a report that is JSON of a known form. */
export function jsonReport<T>(text: string, schema: z.ZodType<T>, testsIn: (report: T) => readonly ReportedTest[]): Parsed {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { problem: `it is no JSON, or ends too early: ${error instanceof Error ? error.message : String(error)}`.slice(0, 300) }
  }
  try {
    const read = schema.safeParse(value)
    if (read.success) return { tests: testsIn(read.data) }
    const [issue] = read.error.issues
    return { problem: `it has another form: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}` }
  } catch (error) {
    // Nested so deep that nobody can follow.
    if (error instanceof RangeError) return { problem: 'it is nested too deep' }
    throw error
  }
}
