import { appViewSchema, releaseNumberSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { appText } from './app-text.ts'

const plain = (_style: unknown, text: string): string => text
const instance = { id: 'i', unit: { name: 'shop-mailer-r2', service: 'mailer', release: 2 }, state: 'running', restarts: 1 }
const app = appViewSchema.parse({
  name: 'shop', root: '/shop', createdAt: '2026-01-10T12:00:00.000Z', live: null, previous: [], underWay: null,
  services: [{ service: 'web', kind: 'static', url: 'http://localhost:7100', instances: [] }, { service: 'mailer', kind: 'worker', instances: [instance] }],
  resources: [{ name: 'shop-db', kind: 'database' }, { name: 'cart-cache', kind: 'keyvalue' }],
})

test('that old releases were cut off is said', () => {
  expect(appText({ ...app, cutOff: releaseNumberSchema.parse(3), services: [], resources: [] }, [], plain)).toBe('shop  nothing is live\n  cut off up to release 3\n')
})

test('services stand above what they keep their data in, in columns', () => {
  expect(appText(app, [], plain)).toBe(`shop  nothing is live
  • web         static     http://localhost:7100
  ● mailer      worker     1 of 1 running, 1 restart
  • shop-db     database   kept across releases
  • cart-cache  key-value  kept across releases
`)
})
