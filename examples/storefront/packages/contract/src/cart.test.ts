import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AddCartItem, ChangeCartItem } from './cart.ts'

test('one piece without a size is assumed when only a product is named', () => {
  assert.deepEqual(AddCartItem.parse({ productSlug: 'storm-lantern' }), {
    productSlug: 'storm-lantern',
    size: '',
    quantity: 1,
  })
})

test('a quantity stays between one and twenty', () => {
  assert.equal(ChangeCartItem.safeParse({ quantity: 0 }).success, false)
  assert.equal(ChangeCartItem.safeParse({ quantity: 20 }).success, true)
  assert.equal(ChangeCartItem.safeParse({ quantity: 21 }).success, false)
})
