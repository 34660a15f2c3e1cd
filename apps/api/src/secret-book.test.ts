import { expect, test } from 'vitest'
import { createSecretBook } from './secret-book.ts'

test('a value that was learnt is removed wherever it stands, also inside of others', () => {
  const book = createSecretBook()
  book.learn(['hunter22', 'postgresql://u:hunter22@h/db'])
  expect(book.redact('connecting to postgresql://u:hunter22@h/db')).not.toContain('hunter22')
  expect(book.redactAll({ code: 'X', details: { log: ['a hunter22 b'], deep: [{ text: 'hunter22' }], count: 3, none: null } })).toEqual({ code: 'X', details: { log: ['a [secret] b'], deep: [{ text: '[secret]' }], count: 3, none: null } })
})

test('a value so short that it would hide ordinary text is left alone', () => {
  const book = createSecretBook()
  book.learn(['', 'on', '8080'])
  expect(book.redact('listening on 8080')).toBe('listening on 8080')
})
