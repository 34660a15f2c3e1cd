import { appNameSchema, releaseNumberSchema, type Release } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { sourceText } from './source-text.ts'

const textOf = (source: Partial<Release['source']>): string => sourceText({ source: { root: '/shop', blueprint: 'render.yaml', dirty: false, ...source } } as Release)

test('a source is told by its commit, by what is not in that, and by the images that it did not build', () => {
  expect(textOf({ commit: '6f616110000', subject: 'The shop opens' })).toBe('6f61611 "The shop opens"')
  expect(textOf({ commit: '6f616110000', dirty: true, images: { web: 'acme/web:1', api: 'acme/api:1' } })).toBe('6f61611 with uncommitted changes, images given for web, api')
  expect(textOf({ commit: '6f616110000', promotedFrom: { app: appNameSchema.parse('shop-staging'), release: releaseNumberSchema.parse(7) } })).toBe('6f61611, as release 7 of shop-staging')
  expect(textOf({ images: {} })).toBe('the working tree (no commit)')
})
