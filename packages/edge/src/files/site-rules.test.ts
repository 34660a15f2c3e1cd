import type { StaticSite } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { routeOutcome, siteHeaders } from './site-rules.ts'

const site = (more: Partial<StaticSite>): StaticSite => ({ publishPath: 'dist', headers: [], routes: [], ...more })
const redirect = (source: string, destination: string): StaticSite => site({ routes: [{ type: 'redirect', source, destination }] })

test.each<[string, string, string, string | undefined]>([
  ['/old', '/new', '/old', '/new'],
  ['/old', '/new', '/old/', undefined],
  ['/blog/*', '/news/*', '/blog/a/b', '/news/a/b'],
  ['/blog/*', '/news', '/blog/a/b', '/news'],
  ['/blog/:year/:slug', '/:slug/in/:year', '/blog/2026/hi', '/hi/in/2026'],
  ['/blog/:year', '/:year', '/blog/2026/hi', undefined],
  ['/a.b', '/c', '/axb', undefined],
  ['/go/*', 'https://example.org/*', '/go/x', 'https://example.org/x'],
  ['/go/*', 'https://example.org:8443/:x', '/go/x', 'https://example.org:8443/:x'],
  ['/*', '/*', '//evil.example/x', '/evil.example/x'],
  ['/*', '/*', '/\\evil.example', '/evil.example'],
  ['/:a/:a', '/:a', '/x/y', '/x'],
])('%s to %s: %s leads to %s', (...[source, destination, path, location]) => {
  expect(routeOutcome(redirect(source, destination), path)).toEqual(location === undefined ? undefined : { kind: 'redirect', location })
})

test('the first rule that matches decides', () => {
  const rules = site({
    routes: [
      { type: 'redirect', source: '/a', destination: '/b' },
      { type: 'rewrite', source: '/*', destination: '/index.html' },
    ],
  })
  expect(routeOutcome(rules, '/a')).toEqual({ kind: 'redirect', location: '/b' })
  expect(routeOutcome(rules, '/c')).toEqual({ kind: 'rewrite', path: '/index.html' })
})

test('a rewrite to another site is told apart from one to a file', () => {
  const rules = site({ routes: [{ type: 'rewrite', source: '/api/*', destination: 'https://api.example.org/*' }] })
  expect(routeOutcome(rules, '/api/x')).toEqual({ kind: 'elsewhere', url: 'https://api.example.org/x' })
})

test('headers are set where their glob matches, the last one of a name wins', () => {
  const rules = site({
    headers: [
      { path: '/*', name: 'X-Frame-Options', value: 'DENY' },
      { path: '/*', name: 'Cache-Control', value: 'no-cache' },
      { path: '/assets/*', name: 'cache-control', value: 'immutable' },
    ],
  })
  expect(siteHeaders(rules, '/assets/a.js')).toEqual({ 'x-frame-options': 'DENY', 'cache-control': 'immutable' })
  expect(siteHeaders(rules, '/page')).toEqual({ 'x-frame-options': 'DENY', 'cache-control': 'no-cache' })
})
