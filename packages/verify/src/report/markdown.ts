import { oneLine, shortened, visibleText } from './visible-text.ts'

// Whatever Markdown would make something of: emphasis, links, pictures, tables, headings, HTML, and the two slashes that make an address a link.
const special = /[\\`*_{}[\]()+!|~<>&]|:(?=\/\/)|^[-=]|(?<=^\d+)\.(?=\s|$)|(?<=\bwww)\./gi

/** `text` on one line of Markdown, where none of its characters means anything: no tag, no link, and no mention of a person or an issue. */
export function plainMarkdown(text: string, length = 500): string {
  return shortened(oneLine(text), length)
    .replace(special, (character) => `&#${character.codePointAt(0)};`)
    // GitHub looks for these after Markdown, where an entity is a character again: only what stands between helps.
    .replace(/([@#])(?=\w)(?<!&#)/g, '$1&#8203;')
}

/** A block in which nothing is read as Markdown, whatever fences `text` has of its own. */
export function codeBlock(text: string, length = 2_000): string {
  const shown = shortened(visibleText(text).trimEnd(), length)
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${shown}\n${fence}`
}
