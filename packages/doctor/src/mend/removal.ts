import type { Node } from 'yaml'
import type { Edit } from './edit.ts'
import type { Holder, Spot } from './spot.ts'
import { lineEnd, lineStart, stretchOfPair, type Stretch } from './stretch.ts'

/** Takes a key with its value, or an item of a list, out of the text; what would be left empty by that goes with it. */
export function removal(text: string, { holder }: Spot): Edit | undefined {
  if (holder === undefined) return undefined
  const pieces = piecesOf(text, holder)
  const piece = pieces?.[holder.index]
  if (pieces === undefined || piece === undefined) return undefined
  if (pieces.length === 1) return removal(text, holder.outer)
  return isFlow(holder) ? fromFlow(pieces, holder.index) : fromBlock(text, { pieces, index: holder.index, holder })
}

function piecesOf(text: string, holder: Holder): Stretch[] | undefined {
  const all = holder.is === 'map' ? holder.map.items.map((pair) => stretchOfPair(text, pair)) : holder.list.items.map((item) => itemStretch(text, item as Node))
  const known = all.filter((piece) => piece !== undefined)
  return known.length === all.length ? known : undefined
}

function itemStretch(text: string, { range }: Node): Stretch | undefined {
  if (!range) return undefined
  let to = range[1]
  while (to > range[0] && /\s/.test(text.charAt(to - 1))) to -= 1
  return { from: range[0], to }
}

function isFlow(holder: Holder): boolean {
  return (holder.is === 'map' ? holder.map.flow : holder.list.flow) === true
}

/** With the comma before it, or for the first one with the comma behind it. */
function fromFlow(pieces: readonly Stretch[], index: number): Edit | undefined {
  const [before, piece, after] = [pieces[index - 1], pieces[index], pieces[index + 1]]
  if (piece === undefined) return undefined
  if (before !== undefined) return { from: before.to, to: piece.to, text: '' }
  return after && { from: piece.from, to: after.from, text: '' }
}

interface Place {
  readonly pieces: readonly Stretch[]
  readonly index: number
  readonly holder: Holder
}

/** Whole lines; of a key that stands behind a dash, the next key moves up to the dash. */
function fromBlock(text: string, { pieces, index, holder }: Place): Edit | undefined {
  const [piece, after] = [pieces[index], pieces[index + 1]]
  if (piece === undefined) return undefined
  const start = lineStart(text, piece.from)
  const before = text.slice(start, piece.from)
  const end = lineEnd(text, piece.to)
  if (!/^\s*(?:#.*)?\s*$/.test(text.slice(piece.to, end))) return undefined
  if (holder.is === 'list' ? /^\s*-\s+$/.test(before) : /^\s*$/.test(before)) return { from: start, to: Math.min(end + 1, text.length), text: '' }
  return holder.is === 'map' && /^\s*(?:-\s+)+$/.test(before) && after !== undefined ? { from: piece.from, to: after.from, text: '' } : undefined
}
