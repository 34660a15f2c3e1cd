import { expect, test } from 'vitest'
import { scramVerifier, verifies } from './scram.ts'

test('makes the verifier of RFC 7677', () => {
  const verifier = scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))
  expect(verifier).toBe('SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=')
})

test('recognises its own password and no other', () => {
  const verifier = scramVerifier('right')
  expect([verifies(verifier, 'right'), verifies(verifier, 'wrong'), verifies(null, 'right'), verifies('md5abc', 'right')]).toEqual([true, false, false, false])
})
