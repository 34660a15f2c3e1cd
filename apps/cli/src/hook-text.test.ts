import { hookSchema, type HookEvent } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { hookEventLines, hookText, madeHookText } from './hook-text.ts'
import type { Painter } from './screen/painter.ts'

const plain: Painter = (_style, text) => text
const hook = hookSchema.parse({ app: 'shop', repository: 'shop/storefront', branch: 'main', directory: 'deploy', server: 'https://github.com', onPush: 'release', onPullRequest: 'verify', forks: false, hasToken: false, createdAt: '2026-11-27T12:00:00.000Z', version: 1 })

test('what is done is said in words, and that a stranger’s code runs where it does', () => {
  expect(hookText(hook)).toBe('shop: shop/storefront, branch main, directory deploy\n  A push: is released\n  A pull request: is verified; not from forks\n  Token: none; only what is public can be fetched, and no commit is marked\n')
  expect(hookText({ ...hook, forks: true })).toContain('also from forks, which runs here what a stranger has written')
  expect(hookText(null)).toContain('plimsoll github set')
})

test('the secret is shown where it was made, and said to stay where it was not', () => {
  expect(madeHookText({ ...hook, path: '/v1/hooks/github/shop', secret: 'abc' })).toContain('Secret        abc (not shown again)\n')
  expect(madeHookText({ ...hook, path: '/v1/hooks/github/shop' })).toContain('Secret        as it is\n')
})

test('what a branch is called moves no cursor', () => {
  const event: HookEvent = { delivery: 'd1', at: '2026-11-27T12:00:00.000Z', event: 'push', about: 'push to \u001B[2Jmain', is: 'failed', why: 'refs/heads/main cannot be fetched', release: null, verification: null, endedAt: null }
  expect(hookEventLines([event], plain, Date.parse('2026-11-27T12:03:00.000Z'))).toBe('failed      3 min ago     push to main\n  refs/heads/main cannot be fetched\n')
})
