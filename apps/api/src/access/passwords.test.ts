import { expect, test } from 'vitest'
import { hashPassword, isPassword } from './passwords.ts'

test('a password is known by its hash, and no other is', async () => {
  const hash = await hashPassword('correct horse battery')
  expect(hash).toMatch(/^scrypt\$32768\$8\$3\$/)
  expect(await isPassword('correct horse battery', hash)).toBe(true)
  expect(await isPassword('correct horse batterz', hash)).toBe(false)
})

test('two hashes of one password differ', async () => {
  expect(await hashPassword('the same password')).not.toBe(await hashPassword('the same password'))
})

test('the same letters in another form are the same password', async () => {
  expect(await isPassword('Schlu\u0308ssel zum Hafen', await hashPassword('Schl\u00FCssel zum Hafen'))).toBe(true)
})

test('nobody has a password', async () => {
  expect(await isPassword('anything at all', undefined)).toBe(false)
})
