import { once } from 'node:events'
import { get, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http'
import { type AppName, longestPauseMs, type Pause } from '@plimsoll/model'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { edgeWorld, type EdgeWorld, settled, shopTraffic, signal } from './edge-world.ts'
import { rawExchange } from './raw-exchange.ts'

const app = 'shop' as AppName
let world: EdgeWorld
let entry: number

beforeEach(async () => {
  world = await edgeWorld()
  entry = await world.freePort()
})
afterEach(() => world.close())

describe('a pause', () => {
  it('makes requests wait with their bodies, and serves all of them by what is live when it ends, in the order in which they came', async () => {
    const seen: string[] = []
    await serve(1, () => { throw new Error('the release that was live before') })
    await pause({})
    const answers = ['first', 'second', 'third'].map((body) => ask({ method: 'POST', body }))
    const next = await world.upstream(echo(seen))
    await world.edge.shift(shopTraffic({ release: 2, entry, upstreams: [next.port] }), signal)
    await world.edge.pause({ app, fence: 1, pause: null }, signal)
    expect(await Promise.all(answers)).toEqual(['200 first', '200 second', '200 third'])
    expect(seen.toSorted()).toEqual(['first', 'second', 'third'])
  })

  it('that serves again at its end needs nobody to end it', async () => {
    await serve(1, echo([]))
    await pause({ lastsMs: 300, atEnd: 'serve' })
    expect(await ask({})).toBe('200 ')
    expect(await world.edge.holds(app, signal)).toEqual({})
  })

  it('that refuses at its end says when to come again, until it is ended', async () => {
    await serve(1, echo([]))
    await pause({ lastsMs: 200, atEnd: 'refuse' })
    expect(await ask({})).toMatch(/^503 .*in a moment/s)
    expect((await open({})).headers['retry-after']).toBe('5')
    await world.edge.pause({ app, fence: 1, pause: null }, signal)
    expect(await ask({})).toBe('200 ')
  })

  it('outlives the edge', async () => {
    await serve(1, echo([]))
    await pause({ lastsMs: 0, atEnd: 'refuse' })
    await world.restart()
    expect(await ask({})).toMatch(/^503/)
  })

  it('holds a WebSocket handshake like any other request', async () => {
    await serve(1, (_request, response) => response.end())
    await pause({})
    const head = ['GET / HTTP/1.1', 'Host: shop', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13']
    const handshake = rawExchange({ port: entry, parts: [`${head.join('\r\n')}\r\n\r\n`] })
    await world.edge.pause({ app, fence: 1, pause: null }, signal)
    expect((await handshake).text).toMatch(/^HTTP\/1\.1 200/)
  })

  it('sends nothing of a client that has gone meanwhile', async () => {
    const seen: string[] = []
    await serve(1, echo(seen))
    await pause({})
    const gone = httpRequest({ port: entry, method: 'POST', agent: false }).on('error', () => undefined)
    gone.end('gone')
    await once(gone, 'finish')
    const stays = ask({ method: 'POST', body: 'stays' })
    const closed = new Promise((resolve) => gone.once('close', resolve))
    gone.destroy()
    await closed
    await world.edge.pause({ app, fence: 1, pause: null }, signal)
    expect(await stays).toBe('200 stays')
    await settled(() => seen.length)
    expect(seen).toEqual(['stays'])
  })

  it('lasts no longer than half a minute', async () => {
    await expect(pause({ lastsMs: longestPauseMs + 1 })).rejects.toMatchObject({ code: 'USAGE' })
  })
})

describe('maintenance', () => {
  const since = new Date().toISOString()

  it('answers browsers with a page and everybody else with a problem, and lets nothing through', async () => {
    const seen: string[] = []
    await serve(1, echo(seen))
    await world.edge.maintain({ app, maintenance: { since, message: 'Back at <noon>' } }, signal)
    expect(await ask({ accept: 'text/html' })).toMatch(/^503 <!doctype html>.*<h1>We will be right back<\/h1><p>Back at &lt;noon>/s)
    const other = await open({})
    expect([other.statusCode, other.headers['content-type'], other.headers['retry-after'], other.headers['cache-control']]).toEqual([503, 'application/problem+json', '60', 'no-store'])
    expect(seen).toEqual([])
    await world.edge.maintain({ app, maintenance: null }, signal)
    expect(await ask({})).toBe('200 ')
  })

  it('shows a page of the app to browsers', async () => {
    await serve(1, echo([]))
    await world.edge.maintain({ app, maintenance: { since, page: '<h1>Ours</h1>' } }, signal)
    expect(await ask({ accept: 'text/html' })).toBe('503 <h1>Ours</h1>')
  })

  it('is shown to those who waited for the end of a pause, too', async () => {
    await serve(1, echo([]))
    await pause({})
    const waits = ask({})
    await world.edge.maintain({ app, maintenance: { since } }, signal)
    expect(await waits).toMatch(/^503/)
  })

  it('outlives the edge and a release', async () => {
    const { port } = await serve(1, echo([]))
    await world.edge.maintain({ app, maintenance: { since } }, signal)
    await world.edge.shift(shopTraffic({ release: 2, entry, upstreams: [port] }), signal)
    await world.restart()
    expect(await ask({})).toMatch(/^503/)
  })
})

describe('a service that its release closes', () => {
  const close = async (release: number, { port }: { readonly port: number }, closed: Record<string, { uri?: string }>): Promise<void> => {
    const traffic = shopTraffic({ release, entry, upstreams: [port], previous: [{ release: 1, upstreams: [port], deploymentId: 'dpl_1' }] })
    await world.edge.shift({ ...traffic, live: { ...traffic.live, closed } }, signal)
  }

  it('lets nothing through while that release is live, not to a warm one either, and also after a restart of the edge', async () => {
    const seen: string[] = []
    const upstream = await serve(1, echo(seen))
    await close(2, upstream, { web: {} })
    await world.restart()
    expect(await ask({ method: 'POST', body: 'order', path: '/?dpl=dpl_1' })).toMatch(/^503/)
    expect((await open({ accept: 'text/html' })).headers['retry-after']).toBe('60')
    await close(3, upstream, { api: {} })
    expect([await ask({ method: 'POST', body: 'again' }), seen]).toEqual(['200 again', ['again']])
  })

  it('shows browsers the page that the Blueprint names, with 503 and at the same address', async () => {
    await close(1, await serve(1, echo([])), { web: { uri: 'https://shop.example.com/sorry?why=a"b&c' } })
    const answer = await ask({ accept: 'text/html' })
    expect(answer).toMatch(/^503 /)
    expect(answer).toContain('<iframe src="https://shop.example.com/sorry?why=a&quot;b&amp;c"')
    expect(await ask({})).toMatch(/^503 .*under maintenance/s)
  })

  it('gives way to what is said by hand', async () => {
    await close(1, await serve(1, echo([])), { web: {} })
    await world.edge.maintain({ app, maintenance: { since: new Date().toISOString(), page: '<h1>Ours</h1>' } }, signal)
    expect(await ask({ accept: 'text/html' })).toBe('503 <h1>Ours</h1>')
  })
})

describe('quiet', () => {
  it('is when every request has its answer; streams are not waited for', async () => {
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
    await serve(1, (request, response) => {
      if (request.url === '/events') response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
      else void mayEnd.then(() => response.end('late'))
    })
    const events = await open({ path: '/events' })
    const late = ask({})
    await inFlight(2)
    expect(await world.edge.quiesce({ app, graceMs: 50 }, signal)).toMatchObject({ leftRequests: 1 })
    const quiet = world.edge.quiesce({ app, graceMs: 60_000 }, signal)
    end()
    expect(await quiet).toMatchObject({ leftRequests: 0 })
    expect(await late).toBe('200 late')
    events.destroy()
  })
})

async function serve(release: number, listener: RequestListener): Promise<{ port: number }> {
  const upstream = await world.upstream(listener)
  await world.edge.shift(shopTraffic({ release, entry, upstreams: [upstream.port] }), signal)
  return upstream
}

async function pause({ lastsMs = longestPauseMs, atEnd = 'refuse' }: { lastsMs?: number; atEnd?: Pause['atEnd'] }): Promise<void> {
  const now = Date.now()
  await world.edge.pause({ app, fence: 1, pause: { since: new Date(now).toISOString(), until: new Date(now + lastsMs).toISOString(), atEnd } }, signal)
}

async function inFlight(count: number): Promise<void> {
  const now = async (): Promise<number> => Object.values(await world.edge.counters(app, signal)).reduce((sum, each) => sum + each.inFlight, 0)
  while ((await now()) !== count) await new Promise((resolve) => setImmediate(resolve))
}

interface Asked {
  readonly method?: string
  readonly path?: string
  readonly body?: string
  readonly accept?: string
}

async function ask(asked: Asked): Promise<string> {
  const answer = await open(asked)
  let text = ''
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk)
  return `${answer.statusCode} ${text}`
}

async function open({ method = 'GET', path = '/', body, accept }: Asked): Promise<IncomingMessage> {
  const asking = method === 'GET' ? get({ port: entry, path, agent: false, headers: accept === undefined ? {} : { accept } }) : httpRequest({ port: entry, path, method, agent: false })
  asking.end(body)
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  return answer
}

function echo(seen: string[]): RequestListener {
  return (request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => { body += chunk })
    request.on('end', () => {
      if (body !== '') seen.push(body)
      response.end(body)
    })
  }
}
