import { appNameSchema, type Grant, type Role } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { assertReleases } from './assert-releases.ts'

const staging = appNameSchema.parse('shop-staging')
const production = appNameSchema.parse('shop-production')
const as = (role: Role, app: Grant['app'] = staging): Grant[] => [{ app, role }]
const refused = (grants: Grant[]): unknown => {
  try {
    assertReleases({ grants }, staging)
    return undefined
  } catch (error) {
    return (error as { readonly code?: unknown }).code
  }
}

test('what runs somewhere is promoted only by those who may release it there', () => {
  expect([as('releaser'), as('admin'), as('releaser', '*')].map(refused)).toEqual([undefined, undefined, undefined])
  expect(refused(as('viewer'))).toBe('FORBIDDEN')
})

test('somebody without a role there does not learn whether it is there', () => {
  expect([[], as('admin', production)].map(refused)).toEqual(['NOT_FOUND', 'NOT_FOUND'])
})
