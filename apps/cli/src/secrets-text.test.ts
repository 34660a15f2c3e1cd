import { expect, test } from 'vitest'
import { rotatedText, secretsText, startedOverText } from './secrets-text.ts'

const plain = (_style: unknown, text: string): string => text

test('what keys there are is told by what they are known as, and how much is sealed with each', () => {
  expect(secretsText({ from: '/home/secret-key', keys: [{ id: 'aa', is: 'current', secrets: 1 }, { id: 'bb', is: 'missing', secrets: 2 }] }, plain))
    .toBe('Keys from /home/secret-key\n  aa  1 secret  seals\n  bb  2 secrets  missing\n')
})

test('a rotation tells what to keep for old backups, and what could not be opened', () => {
  expect(rotatedText({ current: 'bb', made: true, sealed: 7, unopened: 0, dropped: ['aa'] })).toContain('New key bb: 7 secrets sealed with it.\nDropped: aa. Backups')
  expect(rotatedText({ current: 'bb', made: false, sealed: 0, unopened: 2, dropped: [] })).toBe('The rotation to key bb is finished: 0 secrets were left.\n2 secrets cannot be opened with any key that there is, and stayed as they are. See: plimsoll secrets\n')
})

test('what was given up is named', () => {
  expect(startedOverText({ current: 'bb', forgotten: [{ app: 'shop', key: 'api/KEY' }], newPasswords: [{ app: 'shop', name: 'main' }] })).toMatch(/given up|set again/i)
  expect(startedOverText({ current: 'bb', forgotten: [], newPasswords: [] })).toBe('Secrets are sealed with key bb from now on.\nNo value was given up.\n')
})
