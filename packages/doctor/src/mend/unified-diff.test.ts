import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unifiedDiff } from './unified-diff.ts'

test('shows what changes with three lines around it', () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join('')
  const after = before.replace('line 2\n', '').replace('line 15\n', 'line 15\nmore\n')
  expect(unifiedDiff(before, after, 'render.yaml')).toBe(`--- a/render.yaml
+++ b/render.yaml
@@ -1,5 +1,4 @@
 line 1
-line 2
 line 3
 line 4
 line 5
@@ -13,6 +12,7 @@
 line 13
 line 14
 line 15
+more
 line 16
 line 17
 line 18
`)
})

test('is empty where nothing changes, and says where a last line break is missing', () => {
  expect(unifiedDiff('a\n', 'a\n', 'f')).toBe('')
  expect(unifiedDiff('a', 'a\n', 'f')).toBe('--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n')
})

const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.map((line) => `${line}\n`).join(''))

test('turns the one text into the other when it is followed', () => {
  fc.assert(fc.property(text, text, (before, after) => {
    expect(follow(before, unifiedDiff(before, after, 'f'))).toBe(after)
  }), { numRuns: 2000 })
})

/** What `patch` does. */
function follow(before: string, diff: string): string {
  const source = before.split('\n').slice(0, -1)
  const out: string[] = []
  let at = 0
  for (const line of diff.split('\n').slice(2, -1)) {
    const start = /^@@ -(\d+),(\d+)/.exec(line)
    if (start !== null) {
      const from = Number(start[1]) - (start[2] === '0' ? 0 : 1)
      out.push(...source.slice(at, from))
      at = from
    } else if (line.startsWith('+')) out.push(line.slice(1))
    else {
      expect(source[at]).toBe(line.slice(1))
      if (line.startsWith(' ')) out.push(line.slice(1))
      at += 1
    }
  }
  return [...out, ...source.slice(at)].map((line) => `${line}\n`).join('')
}
