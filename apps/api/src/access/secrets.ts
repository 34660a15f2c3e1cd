import { createHash, randomBytes } from 'node:crypto'

/** What a bearer token begins with, so that whoever finds one somewhere, a scanner of repositories too, knows what it is. */
export const prefixes = { session: 'plimsoll_s_', token: 'plimsoll_t_', attempt: 'plimsoll_a_' } as const

/** 256 bits that nobody can guess, in characters that need no quoting. */
export function newSecret(prefix: string): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`
}

/** 128 bits for a link: it works once and for some days, and a line of a terminal holds it. */
export function newCode(): string {
  return randomBytes(16).toString('base64url')
}

/** Short, for what is named and not secret. */
export function newId(): string {
  return randomBytes(9).toString('base64url').replaceAll(/[-_]/g, '0')
}

/** What is kept of a secret. A plain hash is enough: nobody guesses 256 random bits, and it must be fast, for it is made at every request. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
