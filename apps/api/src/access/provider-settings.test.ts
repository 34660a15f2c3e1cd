import { expect, test } from 'vitest'
import { readProvider } from './provider-settings.ts'

const needed = { PLIMSOLL_OIDC_ISSUER: 'https://id.example.com', PLIMSOLL_OIDC_CLIENT_ID: 'plimsoll' }
const console = 'https://plimsoll.example.com'

test('there is no provider unless one is set', () => {
  expect(readProvider({ PLIMSOLL_HOME: '/srv', PLIMSOLL_OIDC_ISSUER: '' }, console)).toBeUndefined()
})

test('what is not said has a careful default: nobody comes in who was not invited', () => {
  expect(readProvider(needed, console)).toEqual({ issuer: 'https://id.example.com', clientId: 'plimsoll', clientSecret: undefined, name: 'id.example.com', scopes: 'openid profile', nameClaim: 'preferred_username', groupsClaim: 'groups', grants: new Map(), redirectUri: 'https://plimsoll.example.com/sign-in/callback' })
})

test('groups give what is written, also those of a directory', () => {
  const grants = readProvider({ ...needed, PLIMSOLL_OIDC_GRANTS: 'cn=devs,dc=example=releaser@shop; *=viewer@*' }, console)?.grants
  expect([...(grants ?? [])]).toEqual([['cn=devs,dc=example', [{ app: 'shop', role: 'releaser' }]], ['*', [{ app: '*', role: 'viewer' }]]])
})

test.each<[string, NodeJS.ProcessEnv, RegExp]>([
  ['an issuer elsewhere without TLS', { ...needed, PLIMSOLL_OIDC_ISSUER: 'http://id.example.com' }, /ISSUER: must begin with https/],
  ['no issuer', { PLIMSOLL_OIDC_CLIENT_ID: 'plimsoll' }, /ISSUER/],
  ['no client', { PLIMSOLL_OIDC_ISSUER: 'https://id.example.com' }, /CLIENT_ID: must be set too/],
  ['a secret in a file that is not there', { ...needed, PLIMSOLL_OIDC_CLIENT_SECRET_FILE: '/nowhere/at/all' }, /CLIENT_SECRET_FILE: .*cannot be read/],
  ['a role that there is none of', { ...needed, PLIMSOLL_OIDC_GRANTS: 'ops=root@*' }, /GRANTS: "ops=root@\*" is no GROUP=ROLE@APP/],
  ['scopes without openid', { ...needed, PLIMSOLL_OIDC_SCOPES: 'profile' }, /SCOPES: must have openid/],
])('Plimsoll does not start with %s', (_what, environment, words) => {
  expect(() => readProvider(environment, console)).toThrow(words)
})

test('Plimsoll does not start with a provider that has nowhere to lead people back to', () => {
  expect(() => readProvider(needed, undefined)).toThrow(/PLIMSOLL_CONSOLE_URL/)
})
