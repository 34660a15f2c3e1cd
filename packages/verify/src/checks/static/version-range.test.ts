import { expect, test } from 'vitest'
import { satisfies } from './version-range.ts'

test.each([
  ['>=24', true], ['>= 20.9', true], ['>24', false], ['^24', true], ['^24.30', false], ['~24.21.0', true], ['24', true], ['24.x', true], ['24.21.0', true], ['19.9.0', false],
  ['>=20 <24', false], ['>=18 <=24', true], ['^20 || ^22.12 || >=24', true], ['20 || 22', false], ['18 - 24', true], ['*', true], ['', true], ['<25', true], ['lts/*', undefined], ['20 || lts/*', undefined],
])('says of 24.21.0 and %s: %s', (range, expected) => {
  expect(satisfies('24.21.0', range)).toBe(expected)
})
