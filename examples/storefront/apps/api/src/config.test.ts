import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from './config.ts'

const COMPLETE = {
  DATABASE_URL: 'postgresql://localhost/shop',
  SESSION_SECRET: 'a secret of more than thirty-two characters',
}

test('one start tells about every fault in the environment', () => {
  assert.throws(() => readConfig({ SESSION_SECRET: 'short', PORT: 'http' }), {
    message: /DATABASE_URL[^]*SESSION_SECRET[^]*PORT/,
  })
})

test('browsers may call from the origin of the web app, whatever path its address has', () => {
  const config = readConfig({ ...COMPLETE, WEB_ORIGIN: 'https://shop.example/' })
  assert.equal(config.webOrigin, 'https://shop.example')
})

test('a variable that is set to nothing counts as not set', () => {
  assert.equal(readConfig({ ...COMPLETE, WEB_ORIGIN: '', PORT: '' }).port, 4000)
})
