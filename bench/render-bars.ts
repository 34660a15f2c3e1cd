import type { BarResult } from './bar.ts'

/** The table as Markdown, and as its last line how many held. */
export function renderBars(results: readonly BarResult[]): string {
  const rows = [['what', 'bar', 'measured', 'held'], ...results.map(({ what, bar, measured, held }) => [what, bar, measured, held ? 'yes' : 'NO'])]
  const held = results.filter((result) => result.held).length
  return `${renderTable(rows)}\n\nBARS: ${held} held, ${results.length - held} missed`
}

/** Rows of equal length as a Markdown table; the first is its head. */
export function renderTable([head = [], ...body]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [line(head), rule, ...body.map(line)].join('\n')
}
