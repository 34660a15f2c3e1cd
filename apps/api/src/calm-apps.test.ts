import { manualClock } from '@plimsoll/engine/fakes'
import { appNameSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { calmApps } from './calm-apps.ts'

const shop = appNameSchema.parse('shop')

test('an app is due until it is calm, again when another thing is served, and now and then', async () => {
  const clock = manualClock()
  const calm = calmApps(clock)
  expect(calm.isDue(shop, 'one')).toBe(true)
  calm.note(shop, 'one')
  expect(calm.isDue(shop, 'one')).toBe(false)
  expect(calm.isDue(shop, 'two')).toBe(true)
  await clock.advance(59_999)
  expect(calm.isDue(shop, 'one')).toBe(false)
  await clock.advance(1)
  expect(calm.isDue(shop, 'one')).toBe(true)
  calm.note(shop, 'one')
  calm.forget(shop)
  expect(calm.isDue(shop, 'one')).toBe(true)
})
