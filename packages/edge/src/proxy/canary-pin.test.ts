import { trafficSchema, type Traffic } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { shopTraffic } from '../../test/edge-world.ts'
import { chooseWithCanary, seatOf } from './canary-pin.ts'
import type { Ask } from './choose-release.ts'

const live = shopTraffic({ release: 6, entry: 4000, upstreams: [5006], deploymentId: 'six', previous: [{ release: 5, upstreams: [5005], deploymentId: 'five' }] })
const next = shopTraffic({ release: 7, entry: 4000, upstreams: [5007], deploymentId: 'seven' }).live
const withShare = (share: number, more: Partial<Traffic> = {}): Traffic => trafficSchema.parse({ ...live, ...more, canary: { release: next, share } })
const traffic = withShare(0.05)

const ask = (headers: Ask['headers'] = {}, more: Partial<Ask> = {}): Ask => ({ method: 'GET', url: '/', headers, ...more })
const page = { 'sec-fetch-dest': 'document' }
const cookie = (value: string): Ask['headers'] => ({ cookie: `theme=dark; plimsoll-canary-shop=${value}; a=b` })
const drawing = (at: number) => () => at

test.each<[string, Ask, boolean]>([
  ['a seat below the share', ask(cookie('r7.499')), true],
  ['a seat at the share', ask(cookie('r7.500')), false],
  ['a seat of an earlier canary, on a request that begins no visit', ask(cookie('r5.1')), false],
  ['a cookie that is none', ask(cookie('r7.x')), false],
  ['no cookie, on a request of a page', ask({ origin: 'http://localhost:4100' }), false],
  ['no cookie, on a request of a page that carries a token', ask({ 'sec-fetch-site': 'same-site', authorization: 'Bearer a' }), false],
  ['no cookie and no token', ask(), false],
  ['the id of the canary, without a cookie', ask({ 'x-deployment-id': 'seven' }), true],
  ['the id of live, with a seat in the canary', ask({ ...cookie('r7.1'), 'x-deployment-id': 'six' }), false],
  ['the id of the canary, with a seat in live', ask({ ...cookie('r7.9000'), 'x-deployment-id': 'seven' }), true],
  ['an id that nobody knows, with a seat in the canary', ask({ ...cookie('r7.1'), 'x-deployment-id': 'other' }), true],
  ['the id of live on a navigation, with a seat in the canary', ask({ ...cookie('r7.1'), ...page }, { url: '/?dpl=six' }), true],
])('%s', (_, asked, inCanary) => {
  expect(seatOf(traffic, asked, drawing(0))).toEqual({ inCanary })
})

test('a visit begins with a document, and is given its seat for every service of the app', () => {
  expect(seatOf(traffic, ask(page), drawing(0.0499))).toEqual({ inCanary: true, cookie: 'plimsoll-canary-shop=r7.499; Max-Age=86400; Path=/; HttpOnly; SameSite=Lax' })
  expect(seatOf(traffic, ask(page), drawing(0.05))).toMatchObject({ inCanary: false, cookie: expect.stringContaining('=r7.500;') as string })
})

test('about the wanted share of the visitors, and of the clients with tokens, is in the canary', () => {
  let at = 0
  const spread = () => (at = (at + 0.618034) % 1)
  const visitors = Array.from({ length: 2000 }, () => seatOf(traffic, ask(page), spread).inCanary)
  const clients = Array.from({ length: 2000 }, (_, n) => seatOf(traffic, ask({ authorization: `Bearer ${n}` })).inCanary)
  for (const sides of [visitors, clients]) expect(sides.filter(Boolean).length / 2000).toBeCloseTo(0.05, 1)
})

test('a growing share moves visitors into the canary and never out of it', () => {
  for (let seat = 0; seat < 10_000; seat += 37) {
    const sides = [0.05, 0.25, 0.5].map((share) => seatOf(withShare(share), ask(cookie(`r7.${seat}`))).inCanary)
    expect(sides).toEqual(sides.toSorted())
  }
})

test('a seat is dropped with the first document after the canary, and ignored at once', () => {
  expect(seatOf(live, ask({ ...cookie('r7.1'), ...page }))).toEqual({ inCanary: false, cookie: 'plimsoll-canary-shop=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax' })
  expect(seatOf(live, ask(cookie('r7.1')))).toEqual({ inCanary: false })
  expect(seatOf(live, ask(page))).toEqual({ inCanary: false })
})

test.each([
  ['the two host names of an app on this machine', ['web.shop.localhost', 'api.shop.localhost'], 'shop.localhost'],
  ['a domain and one below it', ['example.com', 'api.example.com'], 'example.com'],
  ['two names below what could be a registry', ['a.co.uk', 'b.co.uk'], undefined],
  ['one name', ['web.shop.localhost'], 'web.shop.localhost'],
])('the cookie reaches %s', (_, hosts, domain) => {
  const named = withShare(0.05, { entries: Object.fromEntries(hosts.map((host, i) => [`s${i}`, { port: 4000 + i, hosts: [host] }])) })
  const given = seatOf(named, ask({ ...page, host: `${hosts[0]}:4080` })).cookie ?? ''
  expect(/Domain=([^;]+)/.exec(given)?.[1]).toBe(domain)
})

test('the release that answers is the one of the seat; an older id still goes to its warm release, and a service that only live has to live', () => {
  expect(chooseWithCanary(traffic, 'web', ask(cookie('r7.1')))?.release.release).toBe(7)
  expect(chooseWithCanary(traffic, 'web', ask({ ...cookie('r7.1'), 'x-deployment-id': 'five' }))?.release.release).toBe(5)
  const withAdmin = { ...traffic, live: { ...traffic.live, targets: { ...traffic.live.targets, admin: next.targets['web'] } } } as Traffic
  expect(chooseWithCanary(withAdmin, 'admin', ask(cookie('r7.1')))?.release.release).toBe(6)
})
