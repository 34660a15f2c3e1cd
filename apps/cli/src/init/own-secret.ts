/** Words of which the names of secrets are made that a program shares with nobody but itself. Any other word is the name of somebody who gives a secret out. */
const own = new Set(['APP', 'AUTH', 'BETTER', 'COOKIE', 'COOKIES', 'CRON', 'CSRF', 'DRAFT', 'ENCRYPTION', 'HASH', 'HMAC', 'INTERNAL', 'JWT', 'KEY', 'NEXTAUTH', 'PREVIEW', 'REFRESH', 'REVALIDATE', 'REVALIDATION', 'SALT', 'SECRET', 'SESSION', 'SESSIONS', 'SIGNING', 'TOKEN'])
const ending = /(?:^|_)(?:SECRET|KEY|TOKEN|SALT)$/

/** True for a secret that any random value serves as: `SESSION_SECRET`, `INTERNAL_TOKEN`; not for `STRIPE_SECRET_KEY`, which somebody else gives out. */
export function isOwnSecret(key: string): boolean {
  return ending.test(key) && key.split('_').every((word) => own.has(word))
}
