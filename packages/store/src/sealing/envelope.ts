import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { keyIdBytes, type SecretKey } from './secret-key.ts'

/**
 * Where a secret lies: its table and what names its row there. It is sealed for that place, and opens in no other: whoever can write
 * to the database cannot let one app have the secret of another.
 */
export type SecretPlace = readonly [table: string, ...key: string[]]

/** version (1 byte) · name of the key (8) · nonce (12) · ciphertext · tag (16) */
const version = 1
const nonceBytes = 12
const tagBytes = 16
const headBytes = 1 + keyIdBytes
const algorithm = 'aes-256-gcm'

/** Seals `text` for its place. Twice gives two envelopes: the nonce is random, which is good for some four thousand million envelopes of one key. */
export function seal(key: SecretKey, place: SecretPlace, text: string): Buffer {
  const head = Buffer.concat([Buffer.of(version), Buffer.from(key.id, 'hex')])
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key.material, nonce, { authTagLength: tagBytes }).setAAD(boundTo(head, place))
  return Buffer.concat([head, nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** The name of the key that an envelope was sealed with; undefined for what is no envelope that this version knows. */
export function keyIdOf(envelope: Buffer): string | undefined {
  if (envelope[0] !== version || envelope.length < headBytes + nonceBytes + tagBytes) return undefined
  return envelope.subarray(1, headBytes).toString('hex')
}

/** What was sealed; undefined when the envelope is not as it was, was sealed for another place, or by another key. */
export function unseal(key: SecretKey, place: SecretPlace, envelope: Buffer): string | undefined {
  if (keyIdOf(envelope) !== key.id) return undefined
  const head = envelope.subarray(0, headBytes)
  const nonce = envelope.subarray(headBytes, headBytes + nonceBytes)
  const decipher = createDecipheriv(algorithm, key.material, nonce, { authTagLength: tagBytes }).setAAD(boundTo(head, place)).setAuthTag(envelope.subarray(-tagBytes))
  const text = decipher.update(envelope.subarray(headBytes + nonceBytes, -tagBytes))
  try {
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch {
    // The tag does not fit: that is the answer.
    return undefined
  }
}

/** JSON, so that two places can never be written alike. */
function boundTo(head: Buffer, place: SecretPlace): Buffer {
  return Buffer.concat([head, Buffer.from(JSON.stringify(place))])
}
