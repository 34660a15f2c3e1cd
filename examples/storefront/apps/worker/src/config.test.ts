import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from './config.ts'

test('one start tells about every fault in the environment', () => {
  assert.throws(() => readConfig({ MAIL_LATENCY_MS: 'soon', LOG_LEVEL: 'loud' }), {
    message: /DATABASE_URL[^]*LOG_LEVEL[^]*MAIL_LATENCY_MS/,
  })
})

test('a variable that is set to nothing counts as not set', () => {
  const config = readConfig({ DATABASE_URL: 'postgresql://localhost/shop', LOG_LEVEL: '' })
  assert.equal(config.logLevel, 'info')
})
