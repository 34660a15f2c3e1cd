interface Line {
  readonly is: ' ' | '-' | '+'
  readonly text: string
}

const around = 3

/** What changes from `before` to `after`, as `diff -u` shows it; empty where nothing does. */
export function unifiedDiff(before: string, after: string, file: string): string {
  if (before === after) return ''
  const lines = compare(linesOf(before), linesOf(after))
  const hunks = hunksOf(lines).map(({ from, to }) => hunkText(lines, from, to))
  return [`--- a/${file}`, `+++ b/${file}`, ...hunks, ''].join('\n')
}

/** A text without a line break at its end has a last line that says so, as in `diff`. */
function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  else if (lines.length > 0) lines.push(`${lines.pop() ?? ''}\n\\ No newline at end of file`)
  return lines
}

/** What is the same at both ends is left out of the search. */
function compare(before: readonly string[], after: readonly string[]): Line[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1
  const same = (lines: readonly string[]): Line[] => lines.map((text) => ({ is: ' ', text }))
  const middle = shortest(before.slice(head, before.length - tail), after.slice(head, after.length - tail))
  return [...same(before.slice(0, head)), ...middle, ...same(before.slice(before.length - tail))]
}

/** The fewest lines out and in, by Myers' greedy search: https://doi.org/10.1007/BF01840446 */
function shortest(before: readonly string[], after: readonly string[]): Line[] {
  const furthest = new Map<number, number>([[1, 0]])
  const at = (diagonal: number): number => furthest.get(diagonal) ?? -1
  const trail: Map<number, number>[] = []
  for (let edits = 0; edits <= before.length + after.length; edits++) {
    trail.push(new Map(furthest))
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1))
      let x = down ? at(diagonal + 1) : at(diagonal - 1) + 1
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1
      furthest.set(diagonal, x)
      if (x >= before.length && x - diagonal >= after.length) return followBack(trail, before, after)
    }
  }
  return []
}

function followBack(trail: readonly ReadonlyMap<number, number>[], before: readonly string[], after: readonly string[]): Line[] {
  const lines: Line[] = []
  let [x, y] = [before.length, after.length]
  for (let edits = trail.length - 1; edits >= 0; edits--) {
    const at = (diagonal: number): number => trail[edits]?.get(diagonal) ?? -1
    const diagonal = x - y
    const down = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1))
    const fromX = edits === 0 ? 0 : down ? at(diagonal + 1) : at(diagonal - 1)
    const fromY = edits === 0 ? 0 : fromX - (down ? diagonal + 1 : diagonal - 1)
    while (x > fromX && y > fromY) {
      lines.push({ is: ' ', text: before[x - 1] ?? '' })
      x -= 1
      y -= 1
    }
    if (edits === 0) break
    lines.push(down ? { is: '+', text: after[y - 1] ?? '' } : { is: '-', text: before[x - 1] ?? '' })
    x = fromX
    y = fromY
  }
  return lines.reverse()
}

/** Changes with the lines around them; those that would touch are one. */
function hunksOf(lines: readonly Line[]): { from: number; to: number }[] {
  const hunks: { from: number; to: number }[] = []
  lines.forEach(({ is }, index) => {
    if (is === ' ') return
    const last = hunks.at(-1)
    const [from, to] = [Math.max(0, index - around), Math.min(lines.length, index + around + 1)]
    if (last !== undefined && from <= last.to) last.to = to
    else hunks.push({ from, to })
  })
  return hunks
}

function hunkText(lines: readonly Line[], from: number, to: number): string {
  const count = (list: readonly Line[], without: Line['is']): number => list.filter(({ is }) => is !== without).length
  const [before, inside] = [lines.slice(0, from), lines.slice(from, to)]
  const range = (without: '+' | '-'): string => {
    const size = count(inside, without)
    return `${count(before, without) + (size === 0 ? 0 : 1)},${size}`
  }
  return [`@@ -${range('+')} +${range('-')} @@`, ...inside.map(({ is, text }) => `${is}${text}`)].join('\n')
}
