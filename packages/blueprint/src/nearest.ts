/** The candidate that `word` was most likely meant to be, or undefined when none is near. Case and separators count for little. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const plainWord = plain(word)
  let best: { candidate: string; cost: number } | undefined
  for (const candidate of candidates) {
    const plainCandidate = plain(candidate)
    const allowed = allowance(plainWord, plainCandidate)
    // Each letter more is a slip: what differs so much in length need not be measured.
    if (Math.abs(plainWord.length - plainCandidate.length) > allowed) continue
    const cost = distance(plainWord, plainCandidate)
    if (cost <= allowed && (best === undefined || cost < best.cost)) best = { candidate, cost }
  }
  return best?.candidate
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** One slip in three letters is still the same word. */
function allowance(a: string, b: string): number {
  return Math.floor(Math.max(a.length, b.length) / 3)
}

/** Damerau–Levenshtein, where a swap of neighbours is one slip. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  const cell = (row: number, column: number): number => rows[row]?.[column] ?? Infinity
  for (let row = 1; row <= a.length; row++) {
    rows[row] = [row]
    for (let column = 1; column <= b.length; column++) {
      const slip = a[row - 1] === b[column - 1] ? 0 : 1
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const costs = [cell(row - 1, column) + 1, cell(row, column - 1) + 1, cell(row - 1, column - 1) + slip]
      rows[row]?.push(Math.min(...costs, swapped ? cell(row - 2, column - 2) + 1 : Infinity))
    }
  }
  return cell(a.length, b.length)
}
