import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { type EdgeWorld, edgeWorld, shopTraffic, signal } from './edge-world.ts'

let world: EdgeWorld
let entry: number

beforeEach(async () => {
  world = await edgeWorld({ settings: { limits: { headersMs: 200, silenceMs: 500 } } })
  entry = await world.freePort()
})
afterEach(async () => world.close())

const host = 'Host: shop.test\r\n'

test('a client that takes nothing of its answer is cut', async () => {
  const gone = Promise.withResolvers<void>()
  await shiftTo((_request, response) => {
    response.once('close', gone.resolve)
    const push = (): void => {
      while (response.write(Buffer.alloc(65_536)));
    }
    response.on('drain', push)
    push()
  })
  const socket = connect(entry, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(`GET / HTTP/1.1\r\n${host}\r\n`)
  await gone.promise
  socket.destroy()
})

test('an answer that is long in coming, a quiet event stream and a quiet WebSocket are left alone', async () => {
  const { port, server } = await world.upstream((request, response) => {
    if (request.url === '/events') response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    setTimeout(() => response.end(request.url === '/late' ? 'late' : 'data: done\n\n'), 900)
  })
  const sockets = new WebSocketServer({ server })
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [port] }), signal)
  const socket = new WebSocket(`ws://127.0.0.1:${entry}/`)
  await once(socket, 'open')
  const [late, events] = await Promise.all([fetch(`http://127.0.0.1:${entry}/late`), fetch(`http://127.0.0.1:${entry}/events`)])
  expect([await late.text(), await events.text()]).toEqual(['late', 'data: done\n\n'])
  expect(socket.readyState).toBe(WebSocket.OPEN)
  sockets.clients.forEach((client) => client.terminate())
  await once(socket, 'close')
  sockets.close()
})

async function shiftTo(listener: Parameters<EdgeWorld['upstream']>[0]): Promise<void> {
  const { port } = await world.upstream(listener)
  await world.edge.shift(shopTraffic({ release: 1, entry, upstreams: [port] }), signal)
}
