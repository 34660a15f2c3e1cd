import { expect, test } from 'vitest'
import { appNameSchema, releaseNumberSchema, serviceNameSchema, slugOf, unitName } from './names.ts'

const app = appNameSchema.parse('shop')
const release = releaseNumberSchema.parse(42)

test('a unit is named after its app, its service and its release', () => {
  expect(unitName(app, serviceNameSchema.parse('api'), release)).toBe('shop-api-r42')
  expect(unitName(app, serviceNameSchema.parse('My Web App'), release)).toBe('shop-my-web-app-r42')
})

test.each([['Storefront', 'storefront'], ['  two  words ', 'two-words'], ['éàü', 'x'], ['', 'x'], ['a'.repeat(80), 'a'.repeat(40)], ['--x--', 'x']])('the slug of %j is %j', (text, slug) => {
  expect(slugOf(text)).toBe(slug)
})

test.each(['', 'Shop', 'shop_1', '-shop', 'shop-', '../etc', 'a'.repeat(64)])('%j is no name of an app', (name) => {
  expect(appNameSchema.safeParse(name).success).toBe(false)
})
