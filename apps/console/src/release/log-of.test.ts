import { expect, test } from 'vitest'
import { checksFailed } from '../../test/storefront.ts'
import { logOf, plain } from './log-of.ts'

test('shows the log of a problem without the colours of a terminal', () => {
  expect(logOf(checksFailed)[1]).toBe("TypeError: Cannot read properties of undefined (reading 'deliveryDate')")
})

test('shows every diagnostic of a Blueprint with its place and its hint', () => {
  const diagnostic = { rule: 'path', severity: 'error', file: 'render.yaml', line: 31, column: 5, path: 'services[2].healthCheckPath', message: 'must start with "/"', hint: 'Write /healthz' }
  expect(logOf({ details: { diagnostics: [diagnostic] } })).toEqual(['render.yaml:31:5 services[2].healthCheckPath: must start with "/"', '  Write /healthz'])
})

test('shows nothing for details that are no log', () => {
  expect([logOf({}), logOf({ details: { log: 'text' } })]).toEqual([[], []])
})

test.each([
  ['\u001B[1m\u001B[32m✓\u001B[39m\u001B[22m done', '✓ done'],
  ['10 %\r50 %\rall', 'all'],
  ['with a line end\r', 'with a line end'],
  ['\u001B]8;;http://a\u0007link\u001B]8;;\u0007', 'link'],
])('reads %j as a person sees it', (line, seen) => {
  expect(plain(line)).toBe(seen)
})
