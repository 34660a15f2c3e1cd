import type { Remedy } from '@plimsoll/blueprint/inspect'
import { describe, expect, test } from 'vitest'
import { applyEdits } from './edit.ts'
import { editOf } from './edit-of.ts'
import { readYamlText } from './spot.ts'

function edited(text: string, remedy: Remedy, path: string): string | undefined {
  const yaml = readYamlText(text)
  const edit = yaml && editOf(yaml, remedy, path)
  return edit && applyEdits(text, [edit])
}

const block = `# all of it
services:
  - type: web # the site
    # its name
    name: app

    plan: free   # for now
    envVars:
      - key: A
        value: |
          one
          two
      - { key: B, value: 1, sync: true }
`

function check(...[, remedy, path, before, after]: [what: string, remedy: Remedy, path: string, before: string, after: string]): void {
  expect(block).toContain(before)
  expect(edited(block, remedy, path)).toBe(block.replace(before, after))
}

describe('editOf', () => {
  test.each<Parameters<typeof check>>([
    ['removes a line with its comment', { do: 'remove' }, 'services[0].plan', '    plan: free   # for now\n', ''],
    ['moves the next key up to the dash of one that is removed', { do: 'remove' }, 'services[0].type', '- type: web # the site\n    # its name\n    name', '- name'],
    ['removes an item with all its lines', { do: 'remove' }, 'services[0].envVars[0]', '      - key: A\n        value: |\n          one\n          two\n', ''],
    ['removes a key between others on one line', { do: 'remove' }, 'services[0].envVars[1].value', ' key: B, value: 1, sync', ' key: B, sync'],
    ['removes the first key on one line', { do: 'remove' }, 'services[0].envVars[1].key', '{ key: B, value', '{ value'],
    ['removes the last key on one line', { do: 'remove' }, 'services[0].envVars[1].sync', ', sync: true }', ' }'],
    ['renames a key and leaves its value', { do: 'rename', key: 'size' }, 'services[0].plan', 'plan: free ', 'size: free '],
    ['renames a key and writes its value', { do: 'rename', key: 'previews', value: { plan: 'starter' } }, 'services[0].plan', 'plan: free ', 'previews: { plan: starter } '],
    ['writes a value', { do: 'write', value: 'pro plus' }, 'services[0].plan', 'plan: free ', 'plan: pro plus '],
    ['writes in quotes what would be read as something else', { do: 'write', value: 'off' }, 'services[0].plan', 'plan: free ', "plan: 'off' "],
    ['writes numbers and booleans as they are', { do: 'write', value: 15 }, 'services[0].envVars[1].value', 'value: 1', 'value: 15'],
    ['puts a value in quotes', { do: 'quote' }, 'services[0].envVars[1].value', 'value: 1', "value: '1'"],
    ['makes a line a comment', { do: 'comment' }, 'services[0].plan', '    plan: free', '    # plan: free'],
    ['changes a part of a text of several lines', { do: 'replace', from: 'two', to: 'three' }, 'services[0].envVars[0].value', '          two', '          three'],
    ['adds a key on a line of its own', { do: 'add', key: 'ipAllowList', value: [] }, 'services[0].envVars[0]', 'two\n', 'two\n        ipAllowList: []\n'],
    ['adds a key on the one line', { do: 'add', key: 'x', value: { y: [1] } }, 'services[0].envVars[1]', 'sync: true }', 'sync: true, x: { y: [1] } }'],
    ['adds items to a list', { do: 'append', items: ['a', { key: 'C', value: '*' }] }, 'services[0].envVars', 'sync: true }\n', "sync: true }\n      - a\n      - key: C\n        value: '*'\n"],
  ])('%s', (...sample) => check(...sample))

  test('adds to what is empty, and at the end of a file without a last line break', () => {
    expect(edited('a: {}\nb: []', { do: 'add', key: 'k', value: 1 }, 'a')).toBe('a: { k: 1 }\nb: []')
    expect(edited('a: {}\nb: []', { do: 'append', items: ['v', 'w'] }, 'b')).toBe('a: {}\nb: [v, w]')
    expect(edited('a:\n- x', { do: 'append', items: ['w'] }, 'a')).toBe('a:\n- x\n- w\n')
    expect(edited('a: [x, ]', { do: 'append', items: ['w'] }, 'a')).toBe('a: [x, w ]')
  })

  test('takes along what would be left empty', () => {
    expect(edited('a: 1\nenvVars:\n  - key: A\n', { do: 'remove' }, 'envVars[0]')).toBe('a: 1\n')
    expect(edited('a: 1\nenvVars: [{ key: A }]\n', { do: 'remove' }, 'envVars[0].key')).toBe('a: 1\n')
    expect(edited('a: 1\n', { do: 'remove' }, 'a')).toBeUndefined()
  })

  test('keeps the line breaks and the mark of a file from Windows', () => {
    expect(edited('\uFEFFa: 1\r\nb:\r\n  - x # y\r\n', { do: 'append', items: ['z'] }, 'b')).toBe('\uFEFFa: 1\r\nb:\r\n  - x # y\r\n  - z\r\n')
    expect(edited('\uFEFFa: 1\r\nb: 2\r\n', { do: 'remove' }, 'a')).toBe('\uFEFFb: 2\r\n')
  })

  test.each<[what: string, text: string, ...where: [remedy: Remedy, path: string]]>([
    ['is anchored, because other places have it too', 'a: &x 1\nb: *x\n', { do: 'write', value: 2 }, 'a'],
    ['is an alias', 'a: &x 1\nb: *x\n', { do: 'quote' }, 'b'],
    ['lies behind an alias', 'a: &x { k: 1 }\nb: *x\n', { do: 'remove' }, 'b.k'],
    ['is merged in', 'a: &x { k: 1, l: 2 }\nb: { <<: *x, m: 1 }\n', { do: 'remove' }, 'b.k'],
    ['has a tag', 'a: !!str 1\nb: 2\n', { do: 'write', value: 2 }, 'a'],
    ['is written twice', 'a: 1\na: 2\n', { do: 'remove' }, 'a'],
    ['is not there', 'a: 1\n', { do: 'remove' }, 'b[0]'],
    ['would be there twice', 'a: 1\nb: 2\n', { do: 'rename', key: 'b' }, 'a'],
    ['is a part that stands there twice', 'a: x x\n', { do: 'replace', from: 'x', to: 'y' }, 'a'],
    ['is a comment of several lines', 'a: |\n  x\nb: 1\n', { do: 'comment' }, 'a'],
    ['is no YAML', 'a: [', { do: 'remove' }, 'a'],
  ])('leaves alone what %s', (_, text, ...[remedy, path]) => {
    expect(edited(text, remedy, path)).toBeUndefined()
  })
})
