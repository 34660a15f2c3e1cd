import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatMoney } from './money.ts'

test('shows cents as euros with two decimals', () => {
  assert.equal(formatMoney(4900), '€49.00')
  assert.equal(formatMoney(123456), '€1,234.56')
})
