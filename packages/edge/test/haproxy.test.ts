import { rename, symlink } from 'node:fs/promises'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { appNameSchema, releaseNumberSchema } from '@plimsoll/model'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { whyNoHaproxy } from '../src/contract/why-no-haproxy.ts'
import { findHaproxy } from '../src/haproxy/haproxy-processes.ts'
import { locateHaproxy } from '../src/haproxy/locate-haproxy.ts'
import { type EdgeWorld, edgeWorld, freePort, shopTraffic, signal } from './edge-world.ts'

const skipped = whyNoHaproxy(process.env)
const app = appNameSchema.parse('shop')
const one = releaseNumberSchema.parse(1)
const binary = (): string => locateHaproxy(process.env['PATH'])

describe.skipIf(skipped !== undefined)(skipped ?? 'the edge behind HAProxy', () => {
  let world: EdgeWorld
  let entry: number
  beforeEach(async () => {
    world = await edgeWorld({ haproxy: binary() })
    entry = await freePort()
  })
  afterEach(async () => world.close())
  const url = (): string => `http://127.0.0.1:${entry}/`
  const unit = async (text: string): Promise<number> => (await world.upstream((_request, response) => response.end(text))).port

  test('tells a unit the same about the client whether HAProxy asks it or the edge, whatever the client says', async () => {
    const told: IncomingHttpHeaders[] = []
    const { port } = await world.upstream((request, response) => {
      told.push(request.headers)
      response.end()
    })
    await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [port] }), signal)
    const headers = { 'x-forwarded-for': '6.6.6.6', 'x-real-ip': '6.6.6.6', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.test', 'x-forwarded-port': '1', forwarded: 'for=6.6.6.6', 'x_forwarded_for': '6.6.6.6', 'x-original-url': '/admin', 'x-request-id': 'mine' }
    await fetch(url(), { headers })
    await fetch(url(), { headers, method: 'POST' })
    const client = { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-host': `127.0.0.1:${entry}`, 'x-request-id': 'mine' }
    const untold = ['x-forwarded-port', 'forwarded', 'x_forwarded_for', 'x-original-url']
    expect(told).toHaveLength(2)
    for (const each of told) {
      expect(each).toMatchObject(client)
      expect(untold.filter((name) => name in each)).toEqual([])
    }
  })

  test('answers each request after a switch from the new release, on connections that were open before it too', async () => {
    const [first, second] = [await unit('one'), await unit('two')]
    for (const [fence, upstreams, text] of [[1, [first], 'one'], [2, [second], 'two'], [3, [first], 'one']] as const) {
      await world.edge.shift(shopTraffic({ release: fence, entry, upstreams, fence }), signal)
      for (let i = 0; i < 5; i += 1) expect(await (await fetch(url())).text()).toBe(text)
    }
  })

  test('waits for a request that is under way, and cuts and counts it when its grace is over', async () => {
    const arrived = Promise.withResolvers<ServerResponse>()
    const { port } = await world.upstream((_request, response) => arrived.resolve(response))
    await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [port] }), signal)
    const slow = fetch(url()).then((response) => response.status, () => 'cut')
    const response = await arrived.promise
    expect((await world.edge.counters(app, signal))['1/web']?.inFlight).toBe(1)
    await world.edge.shift(shopTraffic({ release: 2, entry, upstreams: [await unit('two')], fence: 2 }), signal)
    expect(await world.edge.quiesce({ app, graceMs: 50 }, signal)).toMatchObject({ leftRequests: 1 })
    expect(await world.edge.drain({ app, release: one, requestGraceMs: 50, streamGraceMs: 50 }, signal)).toMatchObject({ cutRequests: 1, cutStreams: 0 })
    expect(await slow).not.toBe(200)
    response.destroy()
  })

  test('holds requests in a pause and answers them after it', async () => {
    await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [await unit('one')] }), signal)
    const since = new Date()
    await world.edge.pause({ app, fence: 1, pause: { since: since.toISOString(), until: new Date(since.getTime() + 30_000).toISOString(), atEnd: 'refuse' } }, signal)
    let answered = false
    const held = fetch(url()).then(async (response) => {
      answered = true
      return response.text()
    })
    await world.edge.holds(app, signal)
    expect(answered).toBe(false)
    await world.edge.pause({ app, fence: 1, pause: null }, signal)
    expect(await held).toBe('one')
  })

  test('starts HAProxy again as soon as that is possible, when it has died and could not be started', async () => {
    const own = join(world.home, 'haproxy')
    await symlink(binary(), own)
    const said: string[] = []
    const other = await edgeWorld({ haproxy: own, log: (line) => said.push(line) })
    const { port } = await other.upstream((_request, response) => response.end('one'))
    await other.edge.shift(shopTraffic({ release: 1, entry, upstreams: [port] }), signal)
    const found = await findHaproxy(join(other.home, 'edge'))
    await rename(own, `${own}.gone`)
    process.kill(found?.pid ?? 0, 'SIGKILL')
    const answer = fetch(url()).then(async (response) => response.text())
    while (said.filter((line) => line.endsWith('died')).length < 2) await delay(10)
    await rename(`${own}.gone`, own)
    // It has waited in the socket for all that time.
    expect(await answer).toBe('one')
    await other.close()
  })

  test('gives no HAProxy the files of another one, whose end may not have been heard of yet', async () => {
    const traffic = shopTraffic({ release: 1, entry, upstreams: [await unit('one')] })
    const generations: (number | undefined)[] = []
    for (let n = 0; n < 3; n += 1) {
      await world.edge.shift(traffic, signal)
      generations.push((await findHaproxy(join(world.home, 'edge')))?.generation)
      await world.edge.remove(app, 1, signal)
    }
    expect(generations).toEqual([1, 2, 3])
  })

  test('leaves no HAProxy when it stops', async () => {
    await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [await unit('one')] }), signal)
    await world.restart()
    expect(await (await fetch(url())).text()).toBe('one')
    await world.running.close()
    expect(await findHaproxy(join(world.home, 'edge'))).toBeUndefined()
    await expect(fetch(url())).rejects.toThrow()
  })
})
