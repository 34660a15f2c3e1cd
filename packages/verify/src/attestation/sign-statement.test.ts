import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { envelopeSchema, readStatement, signStatement } from './sign-statement.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const statement = { _type: 'https://in-toto.io/Statement/v1', subject: [{ name: 'wëb' }] }

test('a statement is read back from its envelope by the key that has signed it', () => {
  const envelope = envelopeSchema.parse(JSON.parse(JSON.stringify(signStatement(statement, privateKey))))
  expect(readStatement(envelope, privateKey)).toEqual(statement)
})

test('what another key has signed, or has been changed since, says nothing', () => {
  const envelope = signStatement(statement, privateKey)
  expect(readStatement(envelope, generateKeyPairSync('ed25519').privateKey)).toBeUndefined()
  const forged = Buffer.from(JSON.stringify({ ...statement, subject: [{ name: 'api' }] })).toString('base64')
  expect(readStatement({ ...envelope, payload: forged }, privateKey)).toBeUndefined()
})
