import { isScalar, type Node, type Pair } from 'yaml'

/** Where something is written, without the comments and line ends around it. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Where a node is written; undefined for one that was written with an anchor or a tag, which belong to other places too, and for nothing. */
export function stretchOf(text: string, node: Node | null): Stretch | undefined {
  if (node === null || !node.range) return undefined
  const [from, to] = node.range
  if (('anchor' in node && node.anchor !== undefined) || hasTag(text, node)) return undefined
  return from < to ? { from, to: trimmed(text, from, to) } : undefined
}

/** From the first letter of the key to the last one of the value. */
export function stretchOfPair(text: string, { key, value }: Pair): Stretch | undefined {
  const start = (key as Node | null)?.range
  if (!start) return undefined
  const end = (value as Node | null)?.range?.[1] ?? start[1]
  const colon = text.slice(start[1], lineEnd(text, start[1])).indexOf(':')
  return { from: start[0], to: Math.max(trimmed(text, start[0], end), start[1] + (colon === -1 ? 0 : colon + 1)) }
}

/** The end of the line that `at` is in: where its line break stands, or the text ends. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

/** The mark that a file can begin with stands before its first line. */
export function lineStart(text: string, at: number): number {
  const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1
  return start === 0 && text.startsWith('\uFEFF') ? 1 : start
}

/** The line break that the text uses. */
export function lineBreak(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

function trimmed(text: string, from: number, to: number): number {
  let end = to
  while (end > from && /\s/.test(text.charAt(end - 1))) end -= 1
  return end
}

function hasTag(text: string, node: Node): boolean {
  const before = text.slice(lineStart(text, node.range?.[0] ?? 0), node.range?.[0] ?? 0)
  return /(?:^|\s)[!&]\S*\s+$/.test(before) || (isScalar(node) && node.tag !== undefined && text.charAt(node.range?.[0] ?? 0) === '!')
}
