import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto'

/** A key that seals: 256 bits, and what it is known as. */
export interface SecretKey {
  /** Made from the key, so that the same key has the same name wherever it is given. Says nothing about the key. */
  readonly id: string
  readonly material: KeyObject
  /** As it stands in a file. */
  readonly text: string
}

const keyBytes = 32
/** How long a key's name is, in bytes: what an envelope carries of it. */
export const keyIdBytes = 8

export function newSecretKey(): SecretKey {
  return secretKeyOf(randomBytes(keyBytes))
}

/** The keys in a text, one a line, base64 or base64url. The first one seals, and every one opens. Undefined for a text that holds no key, or a line that is none. */
export function secretKeysIn(text: string): readonly [SecretKey, ...SecretKey[]] | undefined {
  const lines = text.split(/[\s,]+/).filter((line) => line !== '')
  const bytes = lines.map((line) => (/^[A-Za-z0-9+/_-]{43}=?$/.test(line) ? Buffer.from(line, 'base64') : Buffer.alloc(0)))
  const [first, ...others] = bytes
  if (first === undefined || bytes.some(({ length }) => length !== keyBytes)) return undefined
  return [secretKeyOf(first), ...others.map(secretKeyOf)]
}

function secretKeyOf(bytes: Buffer): SecretKey {
  const id = createHmac('sha256', bytes).update('the name of a key of Plimsoll').digest().subarray(0, keyIdBytes).toString('hex')
  return { id, material: createSecretKey(bytes), text: bytes.toString('base64') }
}
