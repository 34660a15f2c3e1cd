import { hookSchema, type Hook } from '@plimsoll/model'
import { describe, expect, test } from 'vitest'
import { readEvent } from './read-event.ts'
import { isSignedBy } from './signature.ts'

const hook = hookSchema.parse({ app: 'shop', repository: 'shop/storefront', branch: 'main', directory: '', server: 'https://github.com', onPush: 'release', onPullRequest: 'verify', forks: false, hasToken: true, createdAt: '2026-11-27T12:00:00.000Z', version: 1 })
const repository = { full_name: 'shop/storefront' }
const push = (over: object = {}) => ({ ref: 'refs/heads/main', deleted: false, forced: false, repository, ...over })
const pull = (over: object = {}, head: unknown = repository) => ({ action: 'synchronize', number: 7, repository, pull_request: { base: { ref: 'main' }, head: { repo: head } }, ...over })

test.each<[string, string, unknown, Partial<Hook>, string]>([
  ['a push', 'push', push(), {}, 'push to main: release'],
  ['a push that takes commits away', 'push', push({ forced: true }), {}, 'push to main: release'],
  ['a repository in other capitals', 'push', push({ repository: { full_name: 'Shop/Storefront' } }), {}, 'push to main: release'],
  ['another branch', 'push', push({ ref: 'refs/heads/next' }), {}, 'push to next: only what is pushed to main is released'],
  ['a branch that ends like it', 'push', push({ ref: 'refs/heads/x/main' }), {}, 'push to x/main: only what is pushed to main is released'],
  ['a tag that is called like it', 'push', push({ ref: 'refs/tags/main' }), {}, 'push to refs/tags/main: it is a tag'],
  ['a branch that was deleted', 'push', push({ deleted: true }), {}, 'push to main: the branch was deleted'],
  ['another repository', 'push', push({ repository: { full_name: 'evil/storefront' } }), {}, 'push to main: it is about evil/storefront, and not about shop/storefront'],
  ['a push, where nothing is to be done', 'push', push(), { onPush: 'nothing' }, 'push to main: nothing is done about pushes'],
  ['a pull request', 'pull_request', pull(), {}, 'pull request 7: preview'],
  ['a pull request that is closed', 'pull_request', pull({ action: 'closed' }), {}, 'pull request 7: end-preview'],
  ['a pull request into another branch', 'pull_request', pull({ pull_request: { base: { ref: 'next' }, head: { repo: repository } } }), {}, 'pull request 7: only pull requests into main are looked at'],
  ['a fork', 'pull_request', pull({}, { full_name: 'stranger/storefront' }), {}, 'pull request 7: it comes from a fork: what a stranger has written does not run here unless that is allowed'],
  ['a fork that is gone', 'pull_request', pull({}, null), {}, 'pull request 7: it comes from a fork: what a stranger has written does not run here unless that is allowed'],
  ['a fork, where that is allowed', 'pull_request', pull({}, { full_name: 'stranger/storefront' }), { forks: true }, 'pull request 7: preview'],
  ['a ping', 'ping', { zen: 'Keep it logically awesome.' }, {}, 'ping: GitHub only asks whether somebody is there'],
  ['an unknown event', 'star', { action: 'created' }, {}, 'star: nothing is done about events of this kind'],
])('%s is read as what it is', (...[, event, payload, over, wanted]) => {
  const read = readEvent({ ...hook, ...over }, event, payload)
  expect(`${read?.about}: ${read?.task?.do ?? read?.why}`).toBe(wanted)
})

test.each<[string, unknown]>([['push', {}], ['push', []], ['push', null], ['push', push({ ref: 7 })], ['pull_request', pull({ number: '7' })], ['pull_request', pull({ number: -1 })]])('%s of another form is not understood', (event, payload) => {
  expect(readEvent(hook, event, payload)).toBeUndefined()
})

describe('a signature', () => {
  // The example of GitHub's own documentation.
  const [secret, body, right] = ["It's a Secret to Everybody", Buffer.from('Hello, World!'), 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17']

  test('is that which GitHub makes', () => {
    expect(isSignedBy(secret, body, right)).toBe(true)
  })

  test.each<[string, string | undefined]>([
    ['missing', undefined], ['empty', ''], ['cut off', right.slice(0, -2)], ['too long', `${right}00`], ['of another hash', right.replace('sha256', 'sha1')], ['no hexadecimal', `sha256=${'z'.repeat(64)}`], ['of another byte', right.replace(/7$/, '8')],
  ])('is refused when it is %s', (_, header) => {
    expect(isSignedBy(secret, body, header)).toBe(false)
  })

  test('holds for these bytes and this secret only', () => {
    expect([isSignedBy(secret, Buffer.from('Hello, World! '), right), isSignedBy('another', body, right)]).toEqual([false, false])
  })
})
