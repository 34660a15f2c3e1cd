import type { Plain, Remedy } from '@plimsoll/blueprint/inspect'
import { isMap, isScalar, isSeq } from 'yaml'
import { addKey, appendItems } from './addition.ts'
import type { Edit } from './edit.ts'
import { removal } from './removal.ts'
import { spotAt, type Spot, type YamlText } from './spot.ts'
import { lineEnd, lineStart, stretchOf, stretchOfPair } from './stretch.ts'
import { inline, quoted } from './yaml-text.ts'

/**
 * The change of the text that a remedy is, at the path of its finding; everything around it stays as it is written, comments
 * and layout too. Undefined where it cannot be done by changing that one place: at aliases, merged keys, tags and anchors.
 */
export function editOf(yaml: YamlText, remedy: Remedy, path: string): Edit | undefined {
  const { text } = yaml
  const spot = spotAt(yaml, remedy.at ?? path)
  if (spot === undefined) return undefined
  switch (remedy.do) {
    case 'remove':
      return removal(text, spot)
    case 'rename':
      return renaming(text, spot, remedy)
    case 'write':
      return writing(text, spot, inline(remedy.value))
    case 'quote':
      return isScalar(spot.value) ? writing(text, spot, quoted(spot.value.source ?? '')) : undefined
    case 'comment':
      return commenting(text, spot)
    case 'replace':
      return replacing(text, spot, remedy)
    case 'add':
      return isMap(spot.value) ? addKey(text, spot.value, remedy) : undefined
    case 'append':
      return isSeq(spot.value) ? appendItems(text, spot.value, remedy.items) : undefined
  }
}

function writing(text: string, { value }: Spot, written: string): Edit | undefined {
  const stretch = stretchOf(text, value)
  return stretch && { ...stretch, text: written }
}

function renaming(text: string, { holder, value: node }: Spot, { key, value }: { readonly key: string; readonly value?: Plain }): Edit | undefined {
  if (holder?.is !== 'map' || holder.map.items.some((pair) => isScalar(pair.key) && pair.key.value === key)) return undefined
  const pair = stretchOfPair(text, holder.pair)
  const name = isScalar(holder.pair.key) ? holder.pair.key.range : undefined
  if (pair === undefined || !name) return undefined
  if (value === undefined) return { from: name[0], to: name[1], text: key }
  const stretch = stretchOf(text, node)
  return stretch && { from: pair.from, to: stretch.to, text: `${key}${text.slice(name[1], stretch.from)}${inline(value)}` }
}

/** Only a line that holds nothing else, of a map that has other lines. */
function commenting(text: string, { holder }: Spot): Edit | undefined {
  if (holder?.is !== 'map' || holder.map.items.length < 2) return undefined
  const pair = stretchOfPair(text, holder.pair)
  if (pair === undefined || pair.to > lineEnd(text, pair.from)) return undefined
  const [before, after] = [text.slice(lineStart(text, pair.from), pair.from), text.slice(pair.to, lineEnd(text, pair.to))]
  return /^\s*(?:- +)?$/.test(before) && /^\s*(?:#.*)?\s*$/.test(after) ? { from: pair.from, to: pair.from, text: '# ' } : undefined
}

function replacing(text: string, { value }: Spot, { from, to }: { readonly from: string; readonly to: string }): Edit | undefined {
  const stretch = stretchOf(text, value)
  if (stretch === undefined) return undefined
  const written = text.slice(stretch.from, stretch.to)
  const at = written.indexOf(from)
  if (at === -1 || written.includes(from, at + 1)) return undefined
  return { from: stretch.from + at, to: stretch.from + at + from.length, text: to }
}
