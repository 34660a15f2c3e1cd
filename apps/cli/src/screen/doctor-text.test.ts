import { expect, test } from 'vitest'
import { diffText, doctorText } from './doctor-text.ts'

const paint = (_: unknown, text: string) => text
const finding = { rule: 'image-tag', severity: 'warning', file: 'render.yaml', line: 3, column: 5, path: 'services[0].image', message: 'it moves', why: 'So it does.', hint: 'name the digest' } as const

test('findings stand under their file with place, rule, reason and fix, and are counted in one line', () => {
  const text = doctorText([finding, { ...finding, severity: 'error', remedy: { do: 'remove' } }, { ...finding, file: 'apps/a.ts', severity: 'info', path: '' }], { file: 'render.yaml', mended: 2, paint })
  expect(text).toBe(`render.yaml
  3:5     warning image-tag  services[0].image: it moves
          So it does.
          → name the digest
  3:5     error   image-tag  services[0].image: it moves
          So it does.
          → name the digest

apps/a.ts
  3:5     info    image-tag  it moves
          So it does.
          → name the digest

✓ 2 findings mended.
✗ 1 error, 1 warning, 1 remark. To mend what can be: plimsoll doctor --fix
`)
})

test('where nothing is wrong one line says so', () => {
  expect(doctorText([], { file: 'render.yaml', mended: 0, paint })).toBe('✓ Nothing in render.yaml and its repository is known to go wrong.\n')
})

test('what a file holds cannot move the cursor or colour the screen', () => {
  const nasty = '\u001B[2J\u001B]0;x\u0007\u202Eabc\r'
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const harm = /[\u001B\u0007\u202E\r]/
  const text = doctorText([{ ...finding, file: `${nasty}.yaml`, path: nasty, message: nasty, hint: nasty }], { file: nasty, mended: 0, paint })
  expect(text + diffText(`--- a/${nasty}\n+${nasty}\n`, paint)).not.toMatch(harm)
})
