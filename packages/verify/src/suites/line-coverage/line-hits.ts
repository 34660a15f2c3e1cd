import type { Coverage } from '@plimsoll/model'
import type { ChangedLines } from '../judge/changed-files.ts'

/** File, relative to the repository's root, → each line that can run, and whether it did. */
export type LineHits = Map<string, Map<number, boolean>>

/** Adds what another process, or another suite, saw: a line has run when any of them ran it. */
export function addHits(all: LineHits, more: LineHits): void {
  for (const [file, lines] of more) {
    const known = all.get(file) ?? new Map<number, boolean>()
    for (const [line, ran] of lines) known.set(line, ran || known.get(line) === true)
    all.set(file, known)
  }
}

/** In the order of the files' names. `changed` is left out where nobody knows what has changed. */
export function coverageOf(hits: LineHits, changed: ChangedLines | undefined): Coverage {
  const files = [...hits].map(([file, lines]) => ({ file, ...counted([...lines.values()]) })).toSorted((a, b) => (a.file < b.file ? -1 : 1))
  const among = (file: string, line: number) => {
    const lines = changed?.get(file)
    return lines === 'all' || lines?.has(line) === true
  }
  const ran = [...hits].flatMap(([file, lines]) => [...lines].flatMap(([line, each]) => (among(file, line) ? [each] : [])))
  return { total: counted([...hits.values()].flatMap((lines) => [...lines.values()])), ...(changed !== undefined && { changed: counted(ran) }), files }
}

function counted(lines: readonly boolean[]): { lines: number; covered: number } {
  return { lines: lines.length, covered: lines.filter(Boolean).length }
}
