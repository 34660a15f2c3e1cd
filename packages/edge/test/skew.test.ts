import { once } from 'node:events'
import { releaseNumberSchema, type Traffic, trafficSchema } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { type EdgeWorld, edgeWorld, signal } from './edge-world.ts'

let world: EdgeWorld
let ports: Record<'web' | 'api', number>
beforeEach(async () => {
  world = await edgeWorld()
  ports = { web: await world.freePort(), api: await world.freePort() }
})
afterEach(async () => world.close())

const number = (release: number) => releaseNumberSchema.parse(release)

/** A release of a web and an API service, each answering with its name; `dN` is the id of the pages of release N. */
async function raise(release: number): Promise<Traffic['live']> {
  const unit = async (service: string) => {
    const { port, server } = await world.upstream((_request, response) => response.end(`${service}@${release}`))
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket) => socket.send(`${service}@${release}`))
    return { kind: 'instances', unit: `shop-${service}-r${release}`, addresses: [{ host: '127.0.0.1', port }] }
  }
  const targets = { web: await unit('web'), api: await unit('api') }
  return trafficSchema.shape.live.parse({ release, targets, deploymentIds: { web: `d${release}` } })
}

const traffic = (live: Traffic['live'], ...previous: Traffic['live'][]): Traffic =>
  trafficSchema.parse({ app: 'shop', fence: 1, entries: { web: { port: ports.web, hosts: [] }, api: { port: ports.api, hosts: [] } }, live, previous })

async function ask(service: 'web' | 'api', path: string, headers: Record<string, string> = {}): Promise<{ by: string; named: string | null }> {
  const response = await fetch(`http://127.0.0.1:${ports[service]}${path}`, { headers, method: 'next-action' in headers ? 'POST' : 'GET' })
  return { by: await response.text(), named: response.headers.get('x-nextjs-deployment-id') }
}

test('what a page asks of the API is answered by the API of the page\'s release, while that is warm', async () => {
  const [one, two, three] = [await raise(1), await raise(2), await raise(3)]
  await world.edge.shift(traffic(three, two), signal)
  for (const [id, release] of [['d3', 3], ['d2', 2], ['d1', 3], [undefined, 3]] as const) {
    const header = id === undefined ? {} : { 'x-deployment-id': id }
    expect((await ask('api', '/v1/products', header)).by).toBe(`api@${release}`)
    expect((await ask('api', id === undefined ? '/v1/products' : `/v1/products?dpl=${id}`)).by).toBe(`api@${release}`)
  }
  await world.edge.shift(traffic(three, two, one), signal)
  expect((await ask('api', '/v1/products?dpl=d1')).by).toBe('api@1')
})

test('a WebSocket is pinned by the id in its address', async () => {
  const [one, two] = [await raise(1), await raise(2)]
  await world.edge.shift(traffic(two, one), signal)
  for (const [query, by] of [['', 'api@2'], ['?dpl=d1', 'api@1']]) {
    const socket = new WebSocket(`ws://127.0.0.1:${ports.api}/v1/presence${query}`)
    const [{ data }] = (await once(socket, 'message')) as [MessageEvent]
    expect(data).toBe(by)
    socket.close()
    await once(socket, 'close')
  }
})

test('a Server Action of an old tab is told which build answered it, when that is not its own', async () => {
  const [one, two] = [await raise(1), await raise(2)]
  await world.edge.shift(traffic(two, one), signal)
  const action = { 'next-action': '4f6c' }
  expect(await ask('web', '/', { ...action, 'x-deployment-id': 'd0' })).toEqual({ by: 'web@2', named: 'd2' })
  expect(await ask('web', '/', { ...action, 'x-deployment-id': 'd1' })).toEqual({ by: 'web@1', named: null })
  expect(await ask('web', '/', { ...action, 'x-deployment-id': 'd2' })).toEqual({ by: 'web@2', named: null })
  expect(await ask('web', '/', action)).toEqual({ by: 'web@2', named: null })
  expect(await ask('web', '/', { 'x-deployment-id': 'd0', rsc: '1' })).toEqual({ by: 'web@2', named: null })
})

test('what the answer itself says about its build is passed on as it is', async () => {
  const { port } = await world.upstream((_request, response) => response.setHeader('x-nextjs-deployment-id', 'its own').end('web'))
  const live = await raise(2)
  await world.edge.shift(traffic({ ...live, targets: { ...live.targets, web: { kind: 'instances', unit: live.targets['web']?.unit ?? ('' as never), addresses: [{ host: '127.0.0.1', port }] } } }), signal)
  expect((await ask('web', '/', { 'next-action': '4f6c', 'x-deployment-id': 'd0' })).named).toBe('its own')
})

test('a tab whose release has died is served by what is live, also with what it sends', async () => {
  const [one, two] = [await raise(1), await raise(2)]
  const gone = { kind: 'instances', unit: 'shop-web-r1', addresses: [{ host: '127.0.0.1', port: await world.freePort() }] } as typeof one.targets[string]
  await world.edge.shift(traffic(two, { ...one, targets: { ...one.targets, web: gone } }), signal)
  expect((await ask('web', '/?dpl=d1')).by).toBe('web@2')
  expect(await ask('web', '/', { 'next-action': '4f6c', 'x-deployment-id': 'd1' })).toEqual({ by: 'web@2', named: 'd2' })
  expect((await ask('api', '/?dpl=d1')).by).toBe('api@1')
  await world.edge.shift(traffic({ ...two, targets: { ...two.targets, web: gone } }, one), signal)
  expect((await fetch(`http://127.0.0.1:${ports.web}/`)).status).toBe(502)
})

test('a cut-off ends what is pinned, closes open sockets when it is drained, and holds after a restart', async () => {
  const [one, two] = [await raise(1), await raise(2)]
  await world.edge.shift(traffic(two, one), signal)
  const socket = new WebSocket(`ws://127.0.0.1:${ports.api}/v1/presence?dpl=d1`)
  await once(socket, 'message')
  const closed = once(socket, 'close') as Promise<[CloseEvent]>
  await world.edge.shift({ ...traffic(two, one), cutOff: number(1) }, signal)
  expect((await ask('api', '/?dpl=d1')).by).toBe('api@2')
  const report = await world.edge.drain({ app: traffic(two).app, release: number(1), requestGraceMs: 10_000, streamGraceMs: 0 }, signal)
  expect([(await closed)[0].code, report.cutStreams]).toEqual([1012, 1])
  await world.restart()
  await world.edge.shift(traffic(two, one), signal)
  expect((await ask('api', '/?dpl=d1')).by).toBe('api@2')
  await expect(world.edge.shift(traffic(one), signal)).rejects.toMatchObject({ code: 'CUT_OFF' })
})
