import assert from 'node:assert/strict'
import { test } from 'node:test'
import { returnPath } from './return-path.ts'

test('signing in leads back to the page that asked for it', () => {
  assert.equal(returnPath('/cart'), '/cart')
  assert.equal(returnPath('/orders?placed=1001'), '/orders?placed=1001')
})

test('signing in never leads to another site', () => {
  for (const wanted of ['https://evil.example', '//evil.example', '/\\evil.example', undefined]) {
    assert.equal(returnPath(wanted), '/orders')
  }
})
