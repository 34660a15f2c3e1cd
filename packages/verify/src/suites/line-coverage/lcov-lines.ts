import { addHits, type LineHits } from './line-hits.ts'
import type { OwnFiles } from './own-files.ts'

/** The lines of the repository's files in a report in lcov's form; lines in any other form say nothing. */
export function lcovLines(text: string, own: OwnFiles): LineHits {
  const hits: LineHits = new Map()
  let file: string | undefined
  for (const line of text.split(/\r?\n/)) {
    const [, source] = /^SF:(.+)$/.exec(line) ?? []
    const [, number, count] = /^DA:(\d+),(\d+)/.exec(line) ?? []
    if (source !== undefined) file = own.at(source.replace(/^\.\//, ''))
    else if (line === 'end_of_record') file = undefined
    else if (file !== undefined && number !== undefined) addHits(hits, new Map([[file, new Map([[Number(number), Number(count) > 0]])]]))
  }
  return hits
}
