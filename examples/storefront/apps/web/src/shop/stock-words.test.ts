import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stockWords } from './stock-words.ts'

test('the last ten pieces are counted out loud', () => {
  assert.deepEqual(stockWords(11), { tone: 'plenty', text: '11 in stock' })
  assert.deepEqual(stockWords(10), { tone: 'few', text: 'Only 10 left' })
  assert.deepEqual(stockWords(0), { tone: 'none', text: 'Back in soon' })
})
