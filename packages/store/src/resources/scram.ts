import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'

const iterations = 4096

/**
 * What PostgreSQL keeps instead of a password (RFC 5803). Made here so that the password
 * itself never stands in a statement, which a server may write to its log.
 * Only for passwords of plain ASCII: others would need SASLprep first.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64')
  const serverKey = hmac(salted, 'Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}

/** True when `verifier` was made by {@link scramVerifier} from this password. */
export function verifies(verifier: string | null, password: string): boolean {
  const salt = /^SCRAM-SHA-256\$4096:([^$]+)\$/.exec(verifier ?? '')?.[1]
  if (verifier === null || salt === undefined) return false
  const expected = Buffer.from(scramVerifier(password, Buffer.from(salt, 'base64')))
  const actual = Buffer.from(verifier)
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
