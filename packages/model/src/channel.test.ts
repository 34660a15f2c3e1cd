import { expect, test } from 'vitest'
import { newChannelSchema, topics } from './channel.ts'

test.each<[string, unknown]>([
  ['a file', { kind: 'slack', url: 'file:///etc/passwd' }],
  ['another protocol', { kind: 'webhook', url: 'gopher://10.0.0.1/' }],
  ['a password in an address', { kind: 'slack', url: 'https://a:b@example.org/' }],
  ['no mail server', { kind: 'email', server: 'https://example.org', from: 'a@example.org', to: ['b@example.org'] }],
  ['a receiver that is none', { kind: 'email', server: 'smtp://example.org', from: 'a@example.org', to: ['b@example.org\r\nBcc: c@example.org'] }],
  ['no repository', { kind: 'github', repository: '../x', token: 't' }],
  ['a path out of a repository', { kind: 'github', repository: 'shop/..', token: 't' }],
  ['a short secret', { kind: 'webhook', url: 'https://example.org/', secret: 'whsec_short' }],
  ['more than is known', { kind: 'slack', url: 'https://example.org/', channel: '#ops' }],
])('a channel with %s is refused', (_, way) => {
  expect(newChannelSchema.safeParse({ name: 'ops', way }).success).toBe(false)
})

test('a channel hears of everything, from all apps, unless it says otherwise', () => {
  const way = { kind: 'slack', url: 'https://hooks.slack.com/services/T/B/x' }
  expect(newChannelSchema.parse({ name: ' ops ', way })).toEqual({ name: 'ops', app: '*', topics, way })
  expect(newChannelSchema.parse({ name: 'ops', topics: ['release.failed', 'verification', 'release.failed'], way }).topics).toEqual(['verification', 'release.failed'])
})
