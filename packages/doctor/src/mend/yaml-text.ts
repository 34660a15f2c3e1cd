import type { Plain } from '@plimsoll/blueprint/inspect'
import { stringify } from 'yaml'

type Keys = Readonly<Record<string, Plain>>

/** A value on one line, as it can stand anywhere. Read as the same by YAML 1.1 and 1.2. */
export function inline(value: Plain): string {
  if (typeof value === 'string') {
    return stringify(value, { version: '1.1', lineWidth: 0, singleQuote: true, defaultStringType: /^[\w./@+*-][\w ./@+*=-]*$/.test(value) ? 'PLAIN' : 'QUOTE_SINGLE' }).trimEnd()
  }
  if (isList(value)) return `[${value.map(inline).join(', ')}]`
  if (isKeys(value)) return `{ ${Object.entries(value).map(([key, inner]) => `${key}: ${inline(inner)}`).join(', ')} }`
  return String(value)
}

/** `key: value`, on as many lines as it takes, each after `indent`. */
export function blockPair(key: string, value: Plain, indent: string): string {
  const lines = linesOf(value, `${indent}  `)
  return lines.length === 0 ? `${indent}${key}: ${inline(value)}` : [`${indent}${key}:`, ...lines].join('\n')
}

/** `- item`, on as many lines as it takes, each after `indent`. */
export function blockItem(item: Plain, indent: string): string {
  if (!isKeys(item)) return `${indent}- ${inline(item)}`
  const lines = Object.entries(item).map(([key, value]) => blockPair(key, value, `${indent}  `))
  return `${indent}- ${lines.join('\n').slice(indent.length + 2)}`
}

/** In quotes, whatever it is: `'8080'`. */
export function quoted(source: string): string {
  return `'${source.replaceAll("'", "''")}'`
}

/** None for what stands on the line of its key. */
function linesOf(value: Plain, indent: string): string[] {
  if (isList(value)) return value.map((item) => blockItem(item, indent))
  return isKeys(value) ? Object.entries(value).map(([key, inner]) => blockPair(key, inner, indent)) : []
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value)
}

function isKeys(value: Plain): value is Keys {
  return typeof value === 'object' && !isList(value)
}
