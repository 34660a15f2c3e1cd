import { expect, test } from 'vitest'
import type { Painter } from './painter.ts'
import { printedLine } from './printed-line.ts'

const plain: Painter = (_style, text) => text
const coloured: Painter = (_style, text) => `\u001B[31m${text}\u001B[39m`

test.each([
  ['\u001B[31merror\u001B[0m here', 'error here'],
  ['50 %\r100 %\r', '100 %'],
  ['\u001B[2K\u001B[1Gdone\u0007', 'done'],
  ['a\tb', 'a    b'],
])('%j is shown as %j where nothing is coloured', (text, shown) => {
  expect(printedLine(text, plain)).toBe(shown)
})

test('colours stay where there are any, and end with the line', () => {
  expect(printedLine('\u001B[2K\u001B[31merror', coloured)).toBe('\u001B[31merror\u001B[0m')
})
