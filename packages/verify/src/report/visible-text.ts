import { stripVTControlCharacters } from 'node:util'

// Whatever moves a cursor, turns the direction of writing round, or may stand in no XML: C0 and C1 but tab and line feed, bidi controls, non-characters.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const unseen = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]/g

/** `text` as it can be shown anywhere: colours are taken out, line ends are line feeds, and what nobody could see stands as `\uFFFD`. */
export function visibleText(text: string): string {
  return stripVTControlCharacters(text.toWellFormed()).replace(/\r\n?/g, '\n').replace(unseen, '\uFFFD')
}

/** The same on one line. */
export function oneLine(text: string): string {
  return visibleText(text).replace(/\s+/g, ' ').trim()
}

/** At most `length` characters; what was cut off is shown by `…`. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text
  return `${text.slice(0, Math.max(0, length - 1)).replace(/[\uD800-\uDBFF]$/, '')}…`
}
