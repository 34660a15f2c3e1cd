import { expect, test } from 'vitest'
import { fit } from './fit.ts'

test('a line goes on between words, indented as it began', () => {
  expect(fit('  → Set them: plimsoll env set web/KEY=…\nshort\n', 30)).toBe('  → Set them: plimsoll env set\n    web/KEY=…\nshort\n')
})

test('a log keeps its bar', () => {
  expect(fit('│ one two three four five six', 20)).toBe('│ one two three four\n│ five six')
})

test('a word that is longer than a line is left whole', () => {
  expect(fit('see http://localhost:7100/very/long/path now', 20)).toBe('see\nhttp://localhost:7100/very/long/path\nnow')
})

test('colours take no room', () => {
  const line = '\u001B[31m✗\u001B[39m Nothing is live here'
  expect(fit(line, 22)).toBe(line)
  expect(fit(line, 20)).toBe('\u001B[31m✗\u001B[39m Nothing is live\n  here')
})

test('what is no terminal gets lines as they are', () => {
  const line = 'word '.repeat(100)
  expect(fit(line, undefined)).toBe(line)
})
