import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Diagnostic } from '@plimsoll/model'
import { isNode, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { diagnose, mistakesIn } from '../config/diagnose.ts'

export const quarantineFile = 'plimsoll.quarantine.yaml'
const usualDays = 14
const dayMs = 24 * 3_600_000

const entrySchema = z.strictObject({
  /** File and full title, as reports show it. */
  test: z.string().min(1),
  /** The suite that it is in; any, unless given. */
  suite: z.string().min(1).optional(),
  owner: z.string().min(1),
  reason: z.string().min(1),
  /** Where its repair is followed. */
  issue: z.string().min(1),
  /** The day on which it was put here. */
  since: z.iso.date(),
  /** The last day on which it holds: 14 days after `since`, unless given. */
  until: z.iso.date().optional(),
})
const quarantineSchema = z.array(entrySchema)

export interface Quarantined {
  readonly test: string
  readonly suite: string | undefined
  readonly owner: string
  readonly reason: string
  readonly issue: string
  readonly until: string
  readonly expired: boolean
}

export interface Quarantine {
  /** None where the file has mistakes: nobody is excused by what cannot be read. */
  readonly entries: readonly Quarantined[]
  readonly diagnostics: readonly Diagnostic[]
  /** The entry that excuses a test now. */
  for(suite: string, test: string): Quarantined | undefined
}

/** Reads `plimsoll.quarantine.yaml` as it holds at `now`. No file is an empty one. */
export async function readQuarantine(root: string, now: number): Promise<Quarantine> {
  const text = await textOf(join(root, quarantineFile))
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const place = (offset: number) => ({ line: lines.linePos(offset).line || 1, column: lines.linePos(offset).col || 1 })
  const placeOf = (path: readonly PropertyKey[]) => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true)
      if (isNode(node) && Array.isArray(node.range)) return place(node.range[0])
    }
    return { line: 1, column: 1 }
  }
  const broken = document.errors.flatMap((error) => diagnose('quarantine', [{ path: [], message: error.message }], { name: quarantineFile, place: () => place(error.pos[0]) }))
  const read = quarantineSchema.safeParse(document.errors.length > 0 ? [] : (document.toJS() ?? []), { reportInput: true })
  const diagnostics = [...broken, ...(read.success ? [] : diagnose('quarantine', mistakesIn(read.error.issues), { name: quarantineFile, place: placeOf }))]
  const entries = (read.data ?? []).map(({ until, ...entry }): Quarantined => {
    const last = until ?? new Date(Date.parse(entry.since) + usualDays * dayMs).toISOString().slice(0, 10)
    return { ...entry, suite: entry.suite, until: last, expired: now >= Date.parse(last) + dayMs }
  })
  return { entries, diagnostics, for: (suite, test) => entries.find((entry) => !entry.expired && entry.test === test && (entry.suite ?? suite) === suite) }
}

/** How many tests may be excused at once: 5, or 2 % of them where that is more. */
export function mostQuarantined(tests: number): number {
  return Math.max(5, Math.floor(tests * 0.02))
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
