import type { Found } from './rule.ts'

/** Where the letter at `offset` stands in the text of a file. */
export function placeIn(text: string, offset: number): Found['place'] {
  const before = text.slice(0, Math.max(0, offset)).split('\n')
  return { at: { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }, path: '' }
}
