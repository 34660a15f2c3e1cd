import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import { test } from 'node:test'
import { passwordMatches } from './passwords.ts'

const salt = Buffer.from('sea salt')
const hash = scryptSync('fair winds', salt, 64, { N: 1024, r: 8, p: 1 })
const stored = `scrypt:1024:8:1:${salt.toString('base64')}:${hash.toString('base64')}`

test('the right password matches and any other does not', async () => {
  assert.equal(await passwordMatches('fair winds', stored), true)
  assert.equal(await passwordMatches('foul winds', stored), false)
})

test('a hash of an unknown kind matches nothing', async () => {
  assert.equal(await passwordMatches('fair winds', 'md5:abc'), false)
})
