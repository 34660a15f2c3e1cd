import { appViewSchema, releaseNumberSchema, releaseSchema } from '@plimsoll/model'
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

test('a preview is told from the app that it is of', () => {
  const at = '2026-01-10T12:00:00.000Z'
  const live = releaseSchema.parse({ app: 'shop-cart', number: 1, kind: 'release', state: 'live', source: { root: '/shop', blueprint: 'render.yaml', dirty: false, preview: { of: 'shop', data: 'empty' } }, steps: [], startedAt: at })
  expect(appText({ ...app, name: live.app, live, services: [], resources: [] }, [], plain)).toMatch(/^shop-cart, a preview of shop  release 1 is live/)
})

test('services stand above what they keep their data in, in columns', () => {
  expect(appText(app, [], plain)).toBe(`shop  nothing is live
  • web         static     http://localhost:7100
  ● mailer      worker     1 of 1 running, 1 restart
  • shop-db     database   kept across releases
  • cart-cache  key-value  kept across releases
`)
})

test('while its place does not answer no service is said to be down', () => {
  const placeProblem = { code: 'ENGINE_DOWN' as const, message: 'No Docker engine answers', hint: 'Start it' }
  expect(appText({ ...app, place: 'docker', placeProblem, resources: [] }, [], plain)).toBe(`shop on Docker  nothing is live
  What runs is not known: No Docker engine answers
  Start it
  ? web     static  http://localhost:7100
  ? mailer  worker
`)
})

test('what keeps users from being served stands right under the name, with the command that ends it', () => {
  const since = new Date(Date.now() - 5 * 60_000).toISOString()
  const lines = appText({ ...app, holds: { maintenance: { since }, pause: { since, until: since, atEnd: 'serve' } } }, [], plain).split('\n')
  expect(lines[1]).toBe('  Under maintenance, begun 5 min ago: requests get a page. End it: plimsoll maintenance off --app shop')
  expect(lines[2]).toMatch(/^  Requests wait until \d\d:\d\d:\d\d\. End it: plimsoll resume --app shop$/)
})
