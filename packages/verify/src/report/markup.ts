import { visibleText } from './visible-text.ts'

/** Text that is markup already: only {@link markup} makes it. */
export interface Markup {
  readonly markup: string
}

type Part = string | number | undefined | Markup | readonly Part[]

/**
 * A template of HTML or XML in which whatever is put in is text, unless it was made by this too. So nothing is escaped by hand, and nothing
 * that a service printed becomes a tag, an attribute or an entity. `undefined` is nothing; of an array, all parts follow each other.
 */
export function markup(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: template.map((text, i) => `${text}${i < parts.length ? written(parts[i]) : ''}`).join('') }
}

/** Takes `text` as markup. For what this package itself wrote, and nothing else. */
export function asMarkup(text: string): Markup {
  return { markup: text }
}

function written(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return escaped(part)
  return 'markup' in part ? part.markup : part.map(written).join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
