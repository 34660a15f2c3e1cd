import { expect, test } from 'vitest'
import type { Painter } from './painter.ts'
import { plainText, printedLine } from './printed-line.ts'

const plain: Painter = (_style, text) => text
const coloured: Painter = (_style, text) => `\u001B[31m${text}\u001B[39m`

test.each([
  ['\u001B[31merror\u001B[0m here', 'error here'],
  ['50 %\r100 %\r', '100 %'],
  ['\u001B[2K\u001B[1Gdone\u0007', 'done'],
  ['a\tb', 'a    b'],
  ['\u009B2Jgone\u009D0;title\u009C\u0085', 'gone0;title'],
  ['user\u202Eniam\u202C \u2066x\u2069', 'userniam x'],
])('%j is shown as %j where nothing is coloured', (text, shown) => {
  expect(printedLine(text, plain)).toBe(shown)
})

test('colours stay where there are any, and end with the line', () => {
  expect(printedLine('\u001B[2K\u001B[31merror', coloured)).toBe('\u001B[31merror\u001B[0m')
})

test('words from elsewhere stay words, on as many lines as they had', () => {
  expect(plainText('\u001B[2J\u001B]0;owned\u0007one\r\n\u001B[31mtwo\u0008\u0008')).toBe('one\ntwo')
  expect(plainText('<b>“Ünïcode” 日本 🚢</b>')).toBe('<b>“Ünïcode” 日本 🚢</b>')
})
