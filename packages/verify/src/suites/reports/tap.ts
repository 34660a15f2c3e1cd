import { reported, type Parsed, type ReportedTest } from './reported-test.ts'

interface Point {
  readonly depth: number
  readonly ok: boolean
  readonly titles: readonly string[]
  readonly directive: string | undefined
  /** It closes a group: what counts is what is in it. */
  readonly group: boolean
  notes: string[]
}

const resultLine = /^( *)(not )?ok\b(?: +\d+)?(?: *-)? ?(.*)$/
const planLine = /^1\.\.(\d+)\b/

/** TAP 13 and 14, with groups as `node --test` writes them. A stream without its plan, or shorter than that, ended too early. */
export function parseTap(text: string): Parsed {
  const points: Point[] = []
  const above: string[] = []
  let planned: number | undefined
  let inNotes = false
  for (const line of text.split(/\r?\n/)) {
    const at = line.length - line.trimStart().length
    const words = line.trim()
    if (inNotes) {
      inNotes = words !== '...'
      if (inNotes) points.at(-1)?.notes.push(words)
      continue
    }
    if (/^Bail out!/i.test(words)) return { problem: `it was given up: ${words}` }
    const result = resultLine.exec(line)
    const subtest = /^# Subtest:? (.*)$/.exec(words)?.[1]
    if (words === '---' && points.length > 0) inNotes = true
    else if (result !== null) points.push(pointOf(result, { above, before: points.at(-1) }))
    else if (subtest !== undefined) above.splice(Math.floor(at / 4), above.length, unescaped(subtest))
    else if (at === 0) planned = planOf(words) ?? planned
  }
  const outer = points.filter(({ depth }) => depth === 0).length
  if (planned === undefined) return { problem: 'it has no plan (1..N): it is no TAP, or ended too early' }
  if (outer < planned) return { problem: `it ended after ${outer} of ${planned} results` }
  return { tests: points.filter((point, index) => !point.group || (!point.ok && !hasFailureBefore(points, index))).map(testOf) }
}

function planOf(words: string): number | undefined {
  const count = planLine.exec(words)?.[1]
  return count === undefined ? undefined : Number(count)
}

function pointOf([, indent = '', not, rest = '']: RegExpExecArray, { above, before }: { readonly above: readonly string[]; readonly before: Point | undefined }): Point {
  const depth = Math.floor(indent.length / 4)
  const [, title = rest, directive] = /^(.*?)(?<!\\)# *((?:SKIP|TODO)\b.*)$/i.exec(rest) ?? []
  return { depth, ok: not === undefined, titles: [...above.slice(0, depth), unescaped(title.trim())], directive, group: before !== undefined && before.depth > depth, notes: [] }
}

/** A group that failed although all in it passed did so itself: in a hook, or by its time. */
function hasFailureBefore(points: readonly Point[], index: number): boolean {
  const depth = points[index]?.depth ?? 0
  for (let each = index - 1; each >= 0; each -= 1) {
    const point = points[each]
    if (point === undefined || point.depth <= depth) return false
    if (!point.ok && point.directive === undefined) return true
  }
  return false
}

function testOf({ ok, titles, directive, notes }: Point): ReportedTest {
  const note = (key: string) => notes.find((line) => line.startsWith(`${key}:`))?.slice(key.length + 1).trim().replace(/^(['"])(.*)\1$/, '$2')
  const file = note('location')?.replace(/:\d+:\d+$/, '')
  return reported({ file, titles, is: directive !== undefined ? 'skipped' : ok ? 'passed' : 'failed', tookMs: Number(note('duration_ms') ?? 0), message: ok ? undefined : (note('error') ?? note('message') ?? (notes.join('\n') || 'not ok')) })
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([\\#])/g, '$1')
}
