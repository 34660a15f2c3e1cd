import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeOrderMail } from './order-mail.ts'

test('the mail names every line, its size and the total', () => {
  const mail = writeOrderMail({
    number: 1001,
    name: 'Robin Marsh',
    totalCents: 17_900,
    lines: [
      { quantity: 1, productName: "Fisherman's Sweater", size: 'M' },
      { quantity: 1, productName: 'Enamel Mug', size: '' },
    ],
  })
  assert.equal(mail.subject, 'Your Halyard order 1001')
  assert.match(mail.body, /1 × Fisherman's Sweater, size M\n {2}1 × Enamel Mug\n/)
  assert.match(mail.body, /Total: €179\.00/)
})
