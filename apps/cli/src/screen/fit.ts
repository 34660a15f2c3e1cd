import { stripVTControlCharacters } from 'node:util'

/** What a line begins with and the lines that go on from it do not repeat, but for the bar of a log. */
// oxlint-disable-next-line no-control-regex -- a control character is what is looked for
const beginning = /^(?:\u001B\[[0-9;]*m|[ │]|[✓✗!→↶●•](?=(?:\u001B\[[0-9;]*m)* ))*/u

/** Narrower than this, text is left to the terminal: there is no good way to break it. */
const leastColumns = 20

/**
 * Breaks every line of `text` that is longer than `columns` between its words; what goes on is indented as the line was.
 * A word that is longer than a line is left whole, so that it can be copied. Without `columns` nothing is broken.
 */
export function fit(text: string, columns: number | undefined): string {
  if (columns === undefined || columns < leastColumns) return text
  return text.split('\n').map((line) => (widthOf(line) <= columns ? line : broken(line, columns))).join('\n')
}

function broken(line: string, columns: number): string {
  const first = beginning.exec(line)?.[0] ?? ''
  const plain = stripVTControlCharacters(first)
  const rest = plain.includes('│') ? plain : ' '.repeat(plain.length)
  const lines: string[] = []
  let current = first
  let isEmpty = true
  for (const word of line.slice(first.length).split(' ')) {
    if (!isEmpty && widthOf(current) + 1 + widthOf(word) > columns) {
      lines.push(current.trimEnd())
      current = rest
      isEmpty = true
    }
    current += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, current].join('\n')
}

/** How many columns a line takes: colour codes take none. */
function widthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length
}
