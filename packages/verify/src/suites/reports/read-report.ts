import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ReportFormat } from '@plimsoll/testing/config-schema'
import { parseCtrf } from './ctrf.ts'
import { parseJunit } from './junit.ts'
import { parsePlaywrightJson } from './playwright-json.ts'
import type { Parsed } from './reported-test.ts'
import { parseTap } from './tap.ts'
import { parseVitestJson } from './vitest-json.ts'

const parsers: Readonly<Record<ReportFormat, (text: string) => Parsed>> = {
  junit: parseJunit,
  ctrf: parseCtrf,
  'playwright-json': parsePlaywrightJson,
  'vitest-json': parseVitestJson,
  tap: parseTap,
}
const largestBytes = 32 * 1024 * 1024
const mostTests = 50_000

/** What a suite wrote about its tests, or one sentence on why there is nothing to be had. Never throws for what the file holds. */
export async function readReport(file: string, format: ReportFormat): Promise<Parsed> {
  const text = await textOf(file)
  if (typeof text !== 'string') return text
  const parsed = parsers[format](text.replace(/^\uFEFF/, ''))
  if ('problem' in parsed) return { problem: `its report cannot be read as ${format}: ${parsed.problem}` }
  if (parsed.tests.length === 0) return { problem: 'its report names no test' }
  return parsed.tests.length > mostTests ? { problem: `its report names more than ${mostTests} tests` } : parsed
}

async function textOf(file: string): Promise<string | { readonly problem: string }> {
  try {
    // Without NONBLOCK, a pipe that nobody writes to would be waited for.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
    const facts = await handle.stat()
    if (!facts.isFile()) return { problem: 'its report is no file' }
    if (facts.size > largestBytes) return { problem: `its report is larger than ${largestBytes / 1024 / 1024} MB` }
    return await handle.readFile('utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { problem: 'it wrote no report' }
    throw error
  }
}
