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

/** Words from elsewhere (a name, a commit, a message that quotes one), so that they cannot move the cursor, colour what follows or turn it around. Lines stay lines. */
export function plainText(text: string): string {
  return text.split('\n').map((line) => withoutControls(stripVTControlCharacters(line))).join('\n')
}

/** C0, DEL and C1, which some terminals obey too, and what changes the direction of writing. */
// oxlint-disable-next-line no-control-regex -- as above
const controls = /[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g

function withoutControls(text: string): string {
  return text.replaceAll('\t', '    ').replace(controls, '')
}
