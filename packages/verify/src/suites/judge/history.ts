import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'

const countsSchema = z.object({ runs: z.number().int().nonnegative(), flaky: z.number().int().nonnegative(), failed: z.number().int().nonnegative(), lastAt: z.iso.datetime() })
const historySchema = z.object({ version: z.literal(1), tests: z.record(z.string(), countsSchema) })
export type TestCounts = z.infer<typeof countsSchema>

/** How tests did in earlier verifications, by suite and name. */
export interface TestHistory {
  /** Undefined for one that was never run. */
  of(suite: string, test: string): TestCounts | undefined
  /** How many tests are known. */
  readonly size: number
  /** Adds one run of each, and writes it down. */
  add(suite: string, outcomes: readonly { readonly name: string; readonly is: 'passed' | 'failed' | 'flaky' | 'skipped' }[], at: number): Promise<void>
}

const forgottenAfterMs = 90 * 24 * 3_600_000

/** Keeps what is told in a file. One that is not there, or that nobody can read any more, is an empty history: it decides nothing. */
export async function openHistory(file: string): Promise<TestHistory> {
  const tests = new Map(Object.entries(await testsIn(file)))
  let written = Promise.resolve()
  const write = async (at: number) => {
    for (const [key, { lastAt }] of tests) if (at - Date.parse(lastAt) > forgottenAfterMs) tests.delete(key)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(`${file}.new`, JSON.stringify({ version: 1, tests: Object.fromEntries(tests) }))
    await rename(`${file}.new`, file)
  }
  return {
    get size() {
      return tests.size
    },
    of: (suite, test) => tests.get(keyOf(suite, test)),
    async add(suite, outcomes, at) {
      for (const { name, is } of outcomes.filter((each) => each.is !== 'skipped')) {
        const { runs, flaky, failed } = tests.get(keyOf(suite, name)) ?? { runs: 0, flaky: 0, failed: 0 }
        tests.set(keyOf(suite, name), { runs: runs + 1, flaky: flaky + (is === 'flaky' ? 1 : 0), failed: failed + (is === 'failed' ? 1 : 0), lastAt: new Date(at).toISOString() })
      }
      // Suites end beside each other: one after the other writes all.
      written = written.then(() => write(at))
      await written
    },
  }
}

function keyOf(suite: string, test: string): string {
  return `${suite} › ${test}`
}

async function testsIn(file: string): Promise<Readonly<Record<string, TestCounts>>> {
  try {
    return historySchema.parse(JSON.parse(await readFile(file, 'utf8'))).tests
  } catch {
    // Not there yet, or torn: statistics begin anew.
    return {}
  }
}
