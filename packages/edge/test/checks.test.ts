import { createServer } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { trafficSchema, type Traffic } from '@plimsoll/model'
import { whyNoHaproxy } from '../src/contract/why-no-haproxy.ts'
import { locateHaproxy } from '../src/haproxy/locate-haproxy.ts'
import { checkInstance } from '../src/proxy/check-instance.ts'
import { WatchedPort } from '../src/proxy/watched-port.ts'
import { edgeWorld, type EdgeWorld, freePort, shopTraffic, signal } from './edge-world.ts'
import { silentListener } from './silent-listener.ts'
import { steadyLoad } from './steady-load.ts'

let world: EdgeWorld
let entry: number
beforeEach(async () => {
  world = await edgeWorld()
  entry = await freePort()
})
afterEach(async () => world.close())

const checked = (upstreams: readonly number[], check: object = { everyMs: 100 }): Traffic => {
  const traffic = shopTraffic({ release: 1, entry, upstreams })
  const web = { ...traffic.live.targets['web'], check }
  return trafficSchema.parse({ ...traffic, live: { ...traffic.live, targets: { web } } })
}
const ask = async (path = '/', init: RequestInit = {}): Promise<string> => {
  const answer = await fetch(`http://127.0.0.1:${entry}${path}`, { ...init, headers: { connection: 'close' } })
  return answer.ok ? await answer.text() : String(answer.status)
}
const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve))
}

const missing = whyNoHaproxy(process.env)
if (missing !== undefined) test.skip(missing, () => undefined)

test.each(missing === undefined ? ['own', 'haproxy'] : ['own'])('an instance whose check says that it is unwell gets no request until it is well again (%s)', async (kind) => {
  if (kind === 'haproxy') {
    await world.close()
    world = await edgeWorld({ haproxy: locateHaproxy(process.env['PATH']) })
  }
  let isWell = true
  const one = await world.upstream((request, response) => void (response.statusCode = request.url === '/healthz' && !isWell ? 503 : 200, response.end('one')))
  const two = await world.upstream((_request, response) => response.end('two'))
  await world.edge.shift(checked([one.port, two.port], { path: '/healthz', everyMs: 100 }), signal)
  const both = async (): Promise<Set<string>> => new Set(await Promise.all(Array.from({ length: 8 }, async () => ask())))
  expect(await both()).toEqual(new Set(['one', 'two']))
  isWell = false
  await until(async () => (await both()).size === 1)
  expect(await both()).toEqual(new Set(['two']))
  isWell = true
  await until(async () => (await both()).size === 2)
  expect((await world.edge.counters(checked([1]).app, signal))['1/web']?.responses5xx).toBe(0)
})

test('when the checks of all instances fail, all are asked: a wrong path ends no service', async () => {
  let checks = 0
  const one = await world.upstream((request, response) => {
    if (request.url === '/wrong') checks += 1
    response.statusCode = request.url === '/wrong' ? 404 : 200
    response.end('one')
  })
  await world.edge.shift(checked([one.port], { path: '/wrong', everyMs: 100 }), signal)
  await until(async () => checks > 4)
  expect(await ask()).toBe('one')
})

test('a host name stands for every address behind it', async () => {
  const one = await world.upstream((_request, response) => response.end('one'))
  const traffic = checked([one.port])
  const named = JSON.parse(JSON.stringify(traffic).replaceAll('"127.0.0.1"', '"localhost"')) as unknown
  await world.edge.shift(trafficSchema.parse(named), signal)
  const seen = await Promise.all(Array.from({ length: 6 }, async () => ask()))
  expect(new Set(seen)).toEqual(new Set(['one']))
})

test('instances that a new table names are asked from then on, and no other, though their unit is the same', async () => {
  const one = await world.upstream((_request, response) => response.end('one'))
  const two = await world.upstream((_request, response) => response.end('two'))
  await world.edge.shift(checked([one.port]), signal)
  expect(await ask()).toBe('one')
  await world.edge.shift(checked([two.port]), signal)
  expect(await ask()).toBe('two')
})

test('killing one of two instances under load of reads loses none of them', async () => {
  const one = await world.upstream((_request, response) => response.end('one'))
  const two = await world.upstream((_request, response) => response.end('two'))
  await world.edge.shift(checked([one.port, two.port]), signal)
  const load = steadyLoad(entry, { fresh: 3, kept: 3 })
  await until(async () => load.seen.length > 50)
  one.server.closeAllConnections()
  await one.stop()
  const [stoppedAt, before] = [performance.now(), load.seen.length]
  await until(async () => load.seen.length > before + 100)
  const seen = await load.finish()
  expect(seen.filter(({ failure }) => failure !== undefined)).toEqual([])
  expect(new Set(seen.filter(({ startedAt }) => startedAt > stoppedAt).map(({ body }) => body))).toEqual(new Set(['two']))
})

test('a read whose instance dies before it says a word is asked of another one, and a POST is not', async () => {
  const dying = createServer((socket) => socket.once('data', () => socket.destroy()))
  const port = await world.rawUpstream(dying)
  const two = await world.upstream((_request, response) => response.end('two'))
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [port, two.port] }), signal)
  expect(await Promise.all(Array.from({ length: 4 }, async () => ask()))).toEqual(['two', 'two', 'two', 'two'])
  const posted = await Promise.all(Array.from({ length: 4 }, async () => ask('/', { method: 'POST' })))
  expect(posted.toSorted()).toEqual(['502', '502', 'two', 'two'])
})

test('a check tells one that refuses from one that nothing comes from', async () => {
  const one = await world.upstream((_request, response) => response.end('one'))
  const silent = await silentListener()
  await silent.fallSilent()
  expect(await checkInstance({ host: '127.0.0.1', port: one.port }, { everyMs: 100 })).toBe('well')
  expect(await checkInstance({ host: '127.0.0.1', port: await freePort() }, { everyMs: 100 })).toBe('unwell')
  expect(await checkInstance({ host: '127.0.0.1', port: silent.port }, { everyMs: 100 })).toBe('silent')
  await silent.end()
})

test('a machine is missed two seconds after the first look that nothing came back from', async () => {
  const silent = await silentListener()
  try {
    const port = new WatchedPort({ host: '127.0.0.1', port: silent.port })
    await port.look()
    await silent.fallSilent()
    const began = performance.now()
    await port.look()
    expect([port.isMissed, port.isCut]).toEqual([true, false])
    // No edge is left out of a switch before it was not heard for three seconds.
    expect(performance.now() - began).toBeLessThan(2_500)
  } finally {
    await silent.end()
  }
})

test('a read that waits for an instance whose machine is gone is asked of another one, and a POST gets its 502', async () => {
  const silent = await silentListener()
  const two = await world.upstream((_request, response) => response.end('two'))
  await world.edge.shift(checked([silent.port, two.port]), signal)
  const answers = [...Array.from({ length: 2 }, async () => ask()), ...Array.from({ length: 2 }, async () => ask('/', { method: 'POST' }))]
  await until(async () => (await world.edge.counters(checked([1]).app, signal))['1/web']?.inFlight === 2)
  await silent.fallSilent()
  expect(await Promise.all(answers)).toEqual(['two', 'two', expect.stringMatching(/502|two/), expect.stringMatching(/502|two/)])
  await silent.end()
})
