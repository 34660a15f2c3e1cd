import { expect, test } from 'vitest'
import { app, release } from '../../test/storefront.ts'
import { isPlaceOfTheSame } from './is-place-of-the-same.ts'

const staging = { ...app(release(13)), name: release(13).app }
const production = (source: object) => ({ ...app({ ...release(4), source: { ...release(4).source, root: '/kept/elsewhere', ...source } }), name: app(null).name })

test('a place is of the same app when it was released from the same directory, or promoted from there before', () => {
  const [here, other] = [{ ...staging, name: 'shop-staging' as typeof staging.name }, { ...production({}), name: 'shop-production' as typeof staging.name }]
  expect(isPlaceOfTheSame(other, here)).toBe(false)
  expect(isPlaceOfTheSame({ ...production({ root: release(13).source.root }), name: other.name }, here)).toBe(true)
  expect(isPlaceOfTheSame({ ...production({ promotedFrom: { app: here.name, release: 1 } }), name: other.name }, here)).toBe(true)
  expect(isPlaceOfTheSame({ ...production({ promotedFrom: { app: 'another', release: 1 } }), name: other.name }, here)).toBe(false)
})

test('no app is a place of itself, and what is live nowhere, or elsewhere by another driver, is none', () => {
  expect(isPlaceOfTheSame(staging, staging)).toBe(false)
  expect(isPlaceOfTheSame({ ...staging, live: null, name: 'shop-production' as typeof staging.name }, staging)).toBe(false)
  expect(isPlaceOfTheSame({ ...staging, place: 'docker', name: 'shop-production' as typeof staging.name }, staging)).toBe(false)
})

test('no preview is a place: it is gone in days', () => {
  const preview = { ...production({ root: release(13).source.root, preview: { of: staging.name, data: 'clone' } }), name: 'shop-new-cart' as typeof staging.name }
  expect(isPlaceOfTheSame(preview, staging)).toBe(false)
  expect(isPlaceOfTheSame(staging, preview)).toBe(false)
})
