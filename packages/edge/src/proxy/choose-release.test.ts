import { expect, test } from 'vitest'
import { shopTraffic } from '../../test/edge-world.ts'
import { type Ask, chooseRelease } from './choose-release.ts'

const traffic = shopTraffic({
  release: 3,
  entry: 4000,
  upstreams: [5003],
  deploymentId: 'three',
  previous: [
    { release: 2, upstreams: [5002], deploymentId: 'two' },
    { release: 1, upstreams: [5001], deploymentId: 'one' },
  ],
})
const ask = (more: Partial<Ask>): Ask => ({ method: 'GET', url: '/', headers: {}, ...more })
const chosen = (more: Partial<Ask>): number | undefined => chooseRelease(traffic, 'web', ask(more))?.release.release

test.each<[string, Partial<Ask>, number]>([
  ['a request without an id', {}, 3],
  ['the id of live', { url: '/?dpl=three' }, 3],
  ['an id that nobody knows', { url: '/?dpl=gone' }, 3],
  ['an empty id', { url: '/?dpl=' }, 3],
  ['an old id in the query', { url: '/api?x=1&dpl=two' }, 2],
  ['an encoded old id', { url: '/api?dpl=tw%6F' }, 2],
  ['an old id in the header', { headers: { 'x-deployment-id': 'one' } }, 1],
  ['an old id on a Server Action', { method: 'POST', headers: { 'x-deployment-id': 'two', accept: 'text/x-component' } }, 2],
  ['an old id on a navigation', { url: '/?dpl=two', headers: { 'sec-fetch-dest': 'document' } }, 3],
  ['an old id on a navigation without fetch metadata', { url: '/?dpl=two', headers: { accept: 'text/html,*/*' } }, 3],
  ['an old id on an RSC fetch that accepts pages', { url: '/?dpl=two', headers: { rsc: '1', accept: 'text/html' } }, 2],
  ['an old id on a form that was sent as a page', { method: 'POST', headers: { 'x-deployment-id': 'two', 'sec-fetch-dest': 'document' } }, 2],
  ['a path that looks like an id', { url: '/dpl=two' }, 3],
])('%s goes where it belongs', (_name, request, release) => {
  expect(chosen(request)).toBe(release)
})

test('a release that was taken out of the table gets nothing, whatever the id says', () => {
  expect(chooseRelease({ ...traffic, previous: [] }, 'web', ask({ url: '/?dpl=two' }))?.release.release).toBe(3)
})

test('an id pins every service of its release, and a service that the release did not have is live', () => {
  const two = traffic.previous[0]
  if (two === undefined) throw new Error('there is no release 2')
  const { targets: { web } } = traffic.live
  const both = { ...traffic, live: { ...traffic.live, targets: { ...traffic.live.targets, api: web, mail: web } }, previous: [{ ...two, targets: { ...two.targets, api: two.targets['web'] } }] } as typeof traffic
  const answering = (service: string): number | undefined => chooseRelease(both, service, ask({ url: '/v1/products?dpl=two' }))?.release.release
  expect([answering('web'), answering('api'), answering('mail')]).toEqual([2, 2, 3])
})

test('a release that was gone back from gets nothing, and what is older than live is pinned as before', () => {
  const [three, [two, one]] = [traffic.live, traffic.previous]
  if (two === undefined || one === undefined) throw new Error('there are not three releases')
  const back = { ...traffic, live: two, previous: [three, one] }
  const answering = (id: string): number | undefined => chooseRelease(back, 'web', ask({ url: `/x?dpl=${id}` }))?.release.release
  expect([answering('three'), answering('two'), answering('one')]).toEqual([2, 2, 1])
})

test('an id that several releases share leads to the newest of them', () => {
  const same = (release: typeof traffic.live) => ({ ...release, deploymentIds: { web: 'same' } })
  const shared = { ...traffic, previous: traffic.previous.map(same) }
  expect(chooseRelease(shared, 'web', ask({ url: '/x?dpl=same' }))?.release.release).toBe(2)
  expect(chooseRelease({ ...shared, live: same(shared.live) }, 'web', ask({ url: '/x?dpl=same' }))?.release.release).toBe(3)
})

test('a service that no release has anything for is told so, whatever the id', () => {
  expect(chooseRelease(traffic, 'admin', ask({ url: '/?dpl=two' }))).toBeUndefined()
})
