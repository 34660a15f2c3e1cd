import { expect, test } from 'vitest'
import { isOwnSecret } from './own-secret.ts'

test.each(['SESSION_SECRET', 'JWT_SECRET', 'INTERNAL_TOKEN', 'BETTER_AUTH_SECRET', 'COOKIE_KEY', 'CSRF_SECRET_KEY', 'HASH_SALT', 'REVALIDATE_TOKEN'])('any random value does for %s', (key) => {
  expect(isOwnSecret(key)).toBe(true)
})

test.each(['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'GITHUB_CLIENT_SECRET', 'OPENAI_API_KEY', 'SMTP_PASSWORD', 'JWT_PUBLIC_KEY', 'TOKEN_TTL', 'NEXT_PUBLIC_TOKEN'])('%s is given out by somebody, or no secret', (key) => {
  expect(isOwnSecret(key)).toBe(false)
})
