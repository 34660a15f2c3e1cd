import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atThisRelease } from './at-this-release.ts'

test('the id of the build goes with the address, beside what is there', () => {
  process.env.NEXT_DEPLOYMENT_ID = 'abc'
  assert.equal(String(atThisRelease('/v1/presence?product=lamp', 'ws://localhost:4000')), 'ws://localhost:4000/v1/presence?product=lamp&dpl=abc')
})

test('a build without an id asks as it always did', () => {
  delete process.env.NEXT_DEPLOYMENT_ID
  assert.equal(String(atThisRelease('/stock/stream', 'http://localhost:3000')), 'http://localhost:3000/stock/stream')
})
