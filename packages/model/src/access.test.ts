import { describe, expect, test } from 'vitest'
import { isAsMuchAs, roleIn, withinBoth, type Grant } from './access.ts'
import { appNameSchema } from './names.ts'

const inApp = (app: string, role: Grant['role']): Grant => ({ app: appNameSchema.parse(app), role })
const everywhere = (role: Grant['role']): Grant => ({ app: '*', role })

describe('a role', () => {
  test('counts in its app and in no other, and not in Plimsoll itself', () => {
    const grants = [inApp('shop', 'releaser')]
    expect([roleIn(grants, 'shop'), roleIn(grants, 'blog'), roleIn(grants)]).toEqual(['releaser', undefined, undefined])
  })

  test('everywhere counts in every app and in Plimsoll itself', () => {
    expect([roleIn([everywhere('viewer')], 'shop'), roleIn([everywhere('viewer')])]).toEqual(['viewer', 'viewer'])
  })

  test('is the most that is given', () => {
    expect(roleIn([everywhere('viewer'), inApp('shop', 'admin'), inApp('shop', 'releaser')], 'shop')).toBe('admin')
  })

  test('holds for what needs less', () => {
    expect([isAsMuchAs('releaser', 'viewer'), isAsMuchAs('releaser', 'releaser'), isAsMuchAs('releaser', 'admin'), isAsMuchAs(undefined, 'viewer')]).toEqual([true, true, false, false])
  })
})

test.each<[string, readonly [readonly Grant[], readonly Grant[]], readonly Grant[]]>([
  ['the lesser role', [[everywhere('admin')], [everywhere('viewer')]], [everywhere('viewer')]],
  ['only the apps of both', [[inApp('shop', 'admin')], [inApp('blog', 'admin')]], []],
  ['one app of somebody who has them all', [[everywhere('releaser')], [inApp('shop', 'admin')]], [inApp('shop', 'releaser')]],
  ['nothing everywhere, where one of them is bound to an app', [[inApp('shop', 'admin')], [everywhere('admin')]], [inApp('shop', 'admin')]],
  ['nothing, where one has nothing', [[], [everywhere('admin')]], []],
])('two sets of grants share %s', (_what, [one, other], both) => {
  expect(withinBoth(one, other)).toEqual(both)
  expect(withinBoth(other, one)).toEqual(both)
})
