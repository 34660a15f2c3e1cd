import type { BarResult } from './bar.ts'

/** The table as Markdown, and as its last line how many held. */
export function renderBars(results: readonly BarResult[]): string {
  const rows = [['what', 'bar', 'measured', 'held'], ...results.map(({ what, bar, measured, held }) => [what, bar, measured, held ? 'yes' : 'NO'])]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = rows
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  const held = results.filter((result) => result.held).length
  return `${[line(head), rule, ...body.map(line)].join('\n')}\n\nBARS: ${held} held, ${results.length - held} missed`
}
