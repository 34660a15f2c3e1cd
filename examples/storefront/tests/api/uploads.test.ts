import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { ask } from '../shop.ts'

test('an upload is answered with what arrived, byte for byte', async () => {
  const file = randomBytes(3_000_001)
  const headers = { 'content-type': 'application/octet-stream' }
  const { status, body } = await ask('/v1/uploads', { body: file, headers })
  assert.equal(status, 201)
  assert.deepEqual(body, { bytes: file.length, sha256: createHash('sha256').update(file).digest('hex') })
})
