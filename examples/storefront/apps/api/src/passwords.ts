import { scrypt, timingSafeEqual } from 'node:crypto'

/** Checks a password against `scrypt:N:r:p:salt:hash` (salt and hash in base64). */
export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  const [scheme, cost, blockSize, parallelization, salt, hash] = stored.split(':')
  if (scheme !== 'scrypt' || salt === undefined || hash === undefined) return false
  const expected = Buffer.from(hash, 'base64')
  const options = { N: Number(cost), r: Number(blockSize), p: Number(parallelization) }
  const actual = await new Promise<Buffer>((resolve, reject) => {
    scrypt(password, Buffer.from(salt, 'base64'), expected.length, options, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
  return timingSafeEqual(actual, expected)
}
