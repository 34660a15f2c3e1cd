import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Verification } from '@plimsoll/model'
import { ctrfReport } from './ctrf-report.ts'
import { evidenceFiles } from './evidence-files.ts'
import { htmlReport } from './html/page.ts'
import { junitReport } from './junit-report.ts'
import { redacted } from './redacted.ts'
import { summaryReport } from './summary-report.ts'

export interface WriteWish {
  /** Absolute; made if need be. Where it is not the verification's own, the files of the evidence are brought along. */
  readonly directory: string
  /** Takes known secrets out of a text. */
  readonly redact: (text: string) => string
}

/**
 * Writes every report about a verification: `verification.json`, which the others are made from, `report.html`, `junit.xml`, `ctrf.json` and
 * `summary.md`. Each appears whole or not at all; written again, each is replaced. Gives their absolute paths. Throws what the disk says.
 */
export async function writeReports(verification: Verification, { directory, redact }: WriteWish): Promise<readonly string[]> {
  await mkdir(directory, { recursive: true })
  const clean = redacted(verification, redact)
  const files = await evidenceFiles(clean, { from: join(verification.directory, 'evidence'), to: join(directory, 'evidence'), redact })
  const texts = {
    'verification.json': `${JSON.stringify(clean, null, 2)}\n`,
    'report.html': htmlReport(clean, files),
    'junit.xml': junitReport(clean),
    'ctrf.json': ctrfReport(clean),
    'summary.md': summaryReport(clean),
  }
  return Promise.all(Object.entries(texts).map(async ([name, text]) => {
    const path = join(directory, name)
    const draft = `${path}.${randomUUID()}`
    try {
      await writeFile(draft, text)
      await rename(draft, path)
    } finally {
      await rm(draft, { force: true })
    }
    return path
  }))
}
