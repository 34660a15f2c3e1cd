import type { Plain } from '@plimsoll/blueprint/inspect'
import type { Node, YAMLMap, YAMLSeq } from 'yaml'
import type { Edit } from './edit.ts'
import { lineBreak, lineEnd, lineStart, stretchOfPair } from './stretch.ts'
import { blockItem, blockPair, inline } from './yaml-text.ts'

/** Adds a key behind the last one. */
export function addKey(text: string, map: YAMLMap, { key, value }: { readonly key: string; readonly value: Plain }): Edit | undefined {
  if (map.flow === true) return inFlow(text, map, `${key}: ${inline(value)}`)
  const [first, last] = [map.items[0], map.items.at(-1)]
  const head = first && stretchOfPair(text, first)
  const tail = last && stretchOfPair(text, last)
  if (head === undefined || tail === undefined) return undefined
  return behind(text, tail.to, blockPair(key, value, columnOf(text, head.from)))
}

/** Adds items behind the last one. */
export function appendItems(text: string, list: YAMLSeq, items: readonly Plain[]): Edit | undefined {
  if (list.flow === true) return inFlow(text, list, items.map(inline).join(', '))
  const range = (list.items.at(-1) as Node | undefined)?.range
  if (!range || !list.range) return undefined
  const dash = list.range[0]
  let end = range[1]
  while (/\s/.test(text.charAt(end - 1))) end -= 1
  return behind(text, end, items.map((item) => blockItem(item, columnOf(text, dash))).join('\n'))
}

/** As far as the column of `at` goes: what stands before it may be dashes, which are indentation to what follows. */
function columnOf(text: string, at: number): string {
  return ' '.repeat(at - lineStart(text, at))
}

/** On lines of its own, behind the line in which `at` is. */
function behind(text: string, at: number, lines: string): Edit | undefined {
  const end = lineEnd(text, at)
  // A comment may follow; anything else is a form that one cannot add a line to.
  if (!/^\s*(?:#.*)?\s*$/.test(text.slice(at, end))) return undefined
  const eol = lineBreak(text)
  const written = lines.replaceAll('\n', eol)
  const isLast = end === text.length
  return isLast ? { from: end, to: end, text: `${eol}${written}${eol}` } : { from: end + 1, to: end + 1, text: `${written}${eol}` }
}

function inFlow(text: string, holder: YAMLMap | YAMLSeq, piece: string): Edit | undefined {
  if (!holder.range) return undefined
  const close = holder.range[1] - 1
  const before = text.slice(holder.range[0] + 1, close)
  if (before.trim() === '') return { from: holder.range[0] + 1, to: close, text: text.charAt(close) === '}' ? ` ${piece} ` : piece }
  if (before.includes('#')) return undefined
  const tail = before.trimEnd()
  const end = holder.range[0] + 1 + tail.length
  return { from: end, to: end, text: tail.endsWith(',') ? ` ${piece}` : `, ${piece}` }
}
