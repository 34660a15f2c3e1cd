import { isPlimsollError } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { homeIn, readConfig } from './config.ts'

test('the home is PLIMSOLL_HOME, else below XDG_STATE_HOME, else below the user\'s own', () => {
  expect(homeIn({ PLIMSOLL_HOME: '/a', XDG_STATE_HOME: '/b' })).toBe('/a')
  expect(homeIn({ XDG_STATE_HOME: '/b' })).toBe('/b/plimsoll')
  expect(homeIn({})).toMatch(/\/\.local\/state\/plimsoll$/)
})

test('everything that is wrong is told at once', () => {
  const error: unknown = (() => {
    try {
      return readConfig({ PLIMSOLL_HOME: 'relative', PLIMSOLL_EDGE_PORT: '99999' })
    } catch (thrown) {
      return thrown
    }
  })()
  expect(isPlimsollError(error) && error.code).toBe('USAGE')
  expect(String(error)).toContain('PLIMSOLL_HOME')
  expect(String(error)).toContain('PLIMSOLL_EDGE_PORT')
})
