import { expect, test } from 'vitest'
import { isAllowed } from './allowed.ts'

const finding = { rule: 'image-tag', severity: 'warning', file: 'render.yaml', line: 3, column: 5, path: '', message: '', why: '' } as const

test.each([
  ['at the end of its line', ['', '', 'url: nginx # doctor: allow image-tag', ''], true],
  ['in the comments right above it', ['# doctor: allow node-pin, image-tag because it is ours', '# and more words', 'url: nginx'], true],
  ['in a program', ['', '// doctor: allow image-tag', 'listen()'], true],
  ['for another rule', ['', '# doctor: allow image-tags', 'url: nginx'], false],
  ['above another line', ['# doctor: allow image-tag', 'name: x', 'url: nginx'], false],
])('a finding is allowed %s: %j → %s', (_, lines, allowed) => {
  expect(isAllowed(finding, lines)).toBe(allowed)
})

test('what Render refuses cannot be allowed', () => {
  expect(isAllowed({ ...finding, severity: 'error' }, ['', '', 'x # doctor: allow image-tag'])).toBe(false)
})
