import { stripVTControlCharacters } from 'node:util'
import type { Painter } from './painter.ts'

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const colours = /(\u001B\[[0-9;]*m)/

/**
 * A line that a build or a service printed, so that it cannot disturb the screen: colours stay where `paint` colours,
 * every other control sequence is removed, and of a line that was drawn again and again the last drawing is shown.
 */
export function printedLine(text: string, paint: Painter): string {
  const last = text.replace(/\r+$/, '').split('\r').at(-1) ?? ''
  const plain = withoutControls(stripVTControlCharacters(last))
  const hasColours = paint('red', 'x') !== 'x' && colours.test(last)
  if (!hasColours) return plain
  return `${last.split(colours).map((part) => (colours.test(part) ? part : withoutControls(stripVTControlCharacters(part)))).join('')}\u001B[0m`
}

function withoutControls(text: string): string {
  // oxlint-disable-next-line no-control-regex -- as above
  return text.replaceAll('\t', '    ').replace(/[\u0000-\u001F\u007F]/g, '')
}
