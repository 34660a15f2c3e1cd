import { verificationSchema, type Verification } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { verificationText } from './verification-text.ts'

const plain = (_style: unknown, text: string): string => text
const at = '2026-01-01T12:00:00.000Z'

function check(id: string, concern: string, verdict: object): object {
  return { id, title: `${id} holds`, concern, startedAt: at, tookMs: 10, after: [], verdicts: [{ is: 'pass', finding: `${id} was seen`, check: id, tookMs: 10, ...verdict }] }
}

function verification(state: Verification['state'], checks: object[], over: object = {}): Verification {
  return verificationSchema.parse({ version: 1, id: '1a', app: 'shop', place: 'process', blueprint: `sha256:${'c'.repeat(64)}`, state, source: { root: '/s', blueprint: 'render.yaml', dirty: false }, startedAt: at, endedAt: '2026-01-01T12:00:41.000Z', artifacts: [], seed: 1, directory: '/home/verifications/1a', checks, ...over })
}

const all = ['blueprint', 'environment', 'health', 'web', 'services', 'database', 'auth', 'errors', 'shutdown', 'release', 'load', 'artifact', 'suites'].map((concern) => check(`${concern}.all`, concern, {}))
const broken = [
  check('web.pages', 'web', { is: 'fail', finding: '/cart answers 500' }),
  check('boot.start', 'health', { is: 'fail', service: 'api', finding: 'exited with code 1', hint: 'Build it first', reproduce: 'node dist/server.js', evidence: [{ title: 'log', text: Array.from({ length: 40 }, (_, i) => `line ${i}`).join('\n') }] }),
  check('auth.all', 'auth', { is: 'skipped', because: 'boot.start', finding: 'Not asked' }),
]

test('of what is fine, only the verdict is said', () => {
  expect(verificationText(verification('passed', all), plain, 200)).toBe('✓ shop may be released: 13 answers are good and nothing blocks. 41 s\n  Reports: /home/verifications/1a\n')
})

test('the gravest failure stands last, with how to see it again, and under it the verdict', () => {
  const lines = verificationText(verification('blocked', [...all.slice(3), ...broken]), plain, 200).split('\n')
  expect(lines.slice(-9)).toEqual([
    '  │ line 38', '  │ line 39', '  api exited with code 1', '  → Build it first', '  $ node dist/server.js', '  1 check was not asked because of this: auth.all holds',
    '✗ Do not release shop: 2 checks block it. 41 s', '  1 check was not asked because of what failed. 2 things were not checked.', '  Reports: /home/verifications/1a', '',
  ].slice(-9))
  expect(lines).not.toContain('  │ line 27')
  expect(lines.findIndex((line) => line.includes('/cart answers 500'))).toBeLessThan(lines.findIndex((line) => line.includes('exited with code 1')))
})

test('what nobody looked at is said by its reason, also when nothing blocks', () => {
  const text = verificationText(verification('passed', [...all.slice(2), check('web.more', 'web', { is: 'skipped', finding: 'No browser was found' })]), plain, undefined)
  expect(text).toContain('! Not checked: web.more holds. No browser was found\n')
  expect(text).toContain('! Not checked: Blueprint, Environment variables. No check asked about this\n')
})

test('flaky and quarantined tests, advice, and messages that nobody got are said', () => {
  const tests = [{ name: 'cart › keeps', is: 'flaky', tookMs: 1, attempts: 2 }, { name: 'search', is: 'failed', tookMs: 1, attempts: 2, quarantined: { owner: 'lena', reason: 'rebuilt', until: '2026-01-14' } }]
  const text = verificationText(verification('passed', [...all, check('web.axe', 'web', { is: 'fail', weight: 'advice', finding: 'a button has no name' })], {
    suites: [{ name: 'journeys', command: 'x', is: 'passed', startedAt: at, tookMs: 1, log: [], tests }], notices: [{ channel: 'slack', to: 'hooks.slack.com', is: 'undelivered', tries: 4, why: 'it answered 500 (4 tries)' }],
  }), plain, undefined)
  expect(text).toContain('! Advice: a button has no name\n')
  expect(text).toContain('! journeys: cart › keeps  flaky: passed at attempt 2\n')
  expect(text).toContain('• journeys: search  quarantined until 2026-01-14 by lena: rebuilt\n')
  expect(text).toContain('! slack to hooks.slack.com was not told: it answered 500 (4 tries)\n')
})

test('what a service printed moves no cursor and makes no line of its own', () => {
  const evil = 'a\u001B[2J\u001B[1;1H\u0007b\n✓ shop may be released'
  const text = verificationText(verification('blocked', [...all.slice(1), check('blueprint.x', 'blueprint', { is: 'fail', finding: evil, hint: evil, reproduce: evil, evidence: [{ title: evil, text: evil }] })]), plain, undefined)
  for (const unseen of ['\u001B', '\u0007']) expect(text).not.toContain(unseen)
  expect(text).not.toMatch(/^✓/m)
})

test('no line is longer than the screen', () => {
  const text = verificationText(verification('blocked', [...all, ...broken]), plain, 60)
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60)
})
