import { appNameSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { namesFor } from './name-preview.ts'

const of = appNameSchema.parse('storefront')

test('a preview is called after its app and its pull request, or its branch', () => {
  expect(namesFor({ of, pull: 12, branch: null })[0]).toBe('storefront-pr-12')
  expect(namesFor({ of, pull: null, branch: 'feat/New_Cart' })[0]).toBe('storefront-feat-new-cart')
})

test('two branches that look alike in a name have other second names, and one keeps its own', () => {
  const [one, other] = ['feat/x', 'feat-x'].map((branch) => namesFor({ of, pull: null, branch }))
  expect(one?.[0]).toBe(other?.[0])
  expect(one?.[1]).not.toBe(other?.[1])
  expect(namesFor({ of, pull: null, branch: 'feat/x' })).toEqual(one)
})

test('what would be too long for a host name is shortened, and still told apart', () => {
  const long = appNameSchema.parse('a'.repeat(60))
  const [one, other] = [1, 2].map((pull) => namesFor({ of: long, pull, branch: null }))
  expect(one).toHaveLength(1)
  expect(one?.[0]?.length).toBeLessThanOrEqual(48)
  expect(one).not.toEqual(other)
})
