import { expect, test } from 'vitest'
import { carriesPassword, looksSecret } from './looks-secret.ts'

test.each(['SECRET', 'SESSION_SECRET', 'DB_PASSWORD', 'PGPASSWORD', 'STRIPE_API_KEY', 'GITHUB_TOKEN', 'AUTH_SECRET_1', 'JWT_PRIVATE_KEY', 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY', 'SMTP_PASS'])('%s looks secret', (key) => {
  expect(looksSecret(key)).toBe(true)
})

test.each(['PORT', 'TOKEN_TTL', 'PASSWORD_MIN_LENGTH', 'NEXT_PUBLIC_API_KEY', 'KEYBOARD', 'COMPASS', 'PUBLIC_KEY', 'BYPASS'])('%s does not', (key) => {
  expect(looksSecret(key)).toBe(false)
})

test('a URL with a password carries one', () => {
  expect(carriesPassword('postgresql://u:p@h/d')).toBe(true)
  expect(carriesPassword('redis://:p@h')).toBe(true)
  expect(carriesPassword('https://h:80/a@b')).toBe(false)
  expect(carriesPassword('http://u@h')).toBe(false)
})
