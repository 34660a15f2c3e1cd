import { appNameSchema, trafficSchema, type Traffic } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { tableOf } from '../table/table.ts'
import { type Lane, planLanes } from './plan-lanes.ts'

const shop = appNameSchema.parse('shop')
const release = (number: number, services: readonly string[] = ['web', 'api']) => ({
  release: number,
  targets: Object.fromEntries(services.map((service, at) => [service, { kind: 'instances', unit: `shop-${service}-r${number}`, addresses: [{ host: '127.0.0.1', port: 5000 + number * 10 + at }] }])),
  deploymentIds: {},
})
const traffic = (number: number, more: object = {}): Traffic =>
  trafficSchema.parse({ app: shop, fence: 1, entries: { web: { port: 4100, hosts: ['shop.test'] }, api: { port: 4101, hosts: [] } }, live: release(number), previous: [], ...more })
const plan = (shown: Traffic, held: readonly Lane[] = [], names = ['a', 'b', 'c', 'd']) => planLanes({ table: tableOf([shown]), held, prefixes: [], names })
const entries = (map: ReadonlyMap<string, string>): Record<string, string> => Object.fromEntries(map)

test('every service of the live release has a lane, and all of them go live by one entry', () => {
  const { maps, opened } = plan(traffic(1))
  expect(opened.map(({ name, service }) => [name, service])).toEqual([['a', 'web'], ['b', 'api']])
  expect(entries(maps.live)).toEqual({ shop: '1' })
  expect(entries(maps.lanes)).toEqual({ 'shop/web@1': 'a', 'shop/api@1': 'b' })
  expect(entries(maps.ports)).toEqual({ 4100: 'shop/web', 4101: 'shop/api' })
  expect(entries(maps.hosts)).toEqual({ 'shop.test': 'shop/web' })
})

test('the next release gets lanes of its own, and the one before keeps its lanes until they are given back', () => {
  const first = plan(traffic(1))
  const { lanes, maps } = plan(traffic(2), first.lanes)
  expect(lanes.map(({ name, release: number }) => [name, number])).toEqual([['a', 1], ['b', 1], ['c', 2], ['d', 2]])
  expect(entries(maps.lanes)).toEqual({ 'shop/web@2': 'c', 'shop/api@2': 'd' })
})

test('a release that comes back takes the lanes that it still has', () => {
  const first = plan(traffic(1))
  const second = plan(traffic(2), first.lanes)
  expect(plan(traffic(1), second.lanes)).toMatchObject({ opened: [], lanes: second.lanes })
})

test('instances at other addresses get another lane, also of the same release', () => {
  const first = plan(traffic(1, { live: release(1, ['web']) }))
  const moved = traffic(1, { live: { ...release(1, ['web']), targets: { web: { kind: 'instances', unit: 'shop-web-r1', addresses: [{ host: '127.0.0.1', port: 6000 }] } } } })
  expect(entries(plan(moved, first.lanes).maps.lanes)).toEqual({ 'shop/web@1': 'b' })
})

test('without a free lane a service is left to the edge', () => {
  const { maps } = plan(traffic(1), [], ['a'])
  expect(entries(maps.lanes)).toEqual({ 'shop/web@1': 'a' })
  expect(entries(maps.ports)).toEqual({ 4100: 'shop/web' })
})

test('an app that is held, and one with a canary, is left to the edge', () => {
  const held = planLanes({ table: tableOf([traffic(1)], new Map([[shop, { maintenance: { since: '2026-01-01T00:00:00.000Z' } }]])), held: [], prefixes: [], names: ['a', 'b'] })
  expect([held.opened, entries(held.maps.live)]).toEqual([[], {}])
  expect(entries(plan(traffic(1, { canary: { release: release(2), share: 0.1 } })).maps.live)).toEqual({})
})

test('a service that its release closes is left to the edge, and the others are not', () => {
  const closing = traffic(1, { live: { ...release(1), closed: { web: {} } } })
  expect(entries(plan(closing).maps.lanes)).toEqual({ 'shop/api@1': 'a' })
})

test('a service that is served from files is left to the edge', () => {
  const site = { kind: 'files', unit: 'shop-web-r1', root: '/srv', site: { publishPath: 'out', headers: [], routes: [] } }
  const shown = traffic(1, { live: { ...release(1), targets: { ...release(1).targets, web: site } } })
  expect(entries(plan(shown).maps.lanes)).toEqual({ 'shop/api@1': 'a' })
})

test('paths under which files were published are the edge\'s', () => {
  const { maps } = planLanes({ table: tableOf([traffic(1)]), held: [], prefixes: [{ app: shop, service: 'web', urlPrefix: '/_next/static/' }], names: ['a', 'b'] })
  expect(entries(maps.assets)).toEqual({ 'shop/web:/_next/static/': '1' })
})
