import assert from 'node:assert/strict'
import { once } from 'node:events'
import { suite, test } from 'node:test'
import { eventStream, nextEvent } from '../event-stream.ts'
import { apiUrl, ask, cartWith, signIn } from '../shop.ts'

suite('what changes while somebody looks', () => {
  test('the stream begins with all of the stock, and tells what an order took', async () => {
    const token = await signIn()
    const cart = await cartWith('watch-cap')
    await using stream = eventStream(`${apiUrl}/v1/stock/stream`)
    const hello = await nextEvent(stream, ({ event }) => event === 'hello')
    const { stock } = hello.data as { stock: Record<string, number> }
    assert.equal(Object.keys(stock).length, 12)
    await ask('/v1/orders', { token, json: { cartId: cart.id } })
    const change = await nextEvent(stream, ({ event, data }) => event === 'stock' && (data as { slug: string }).slug === 'watch-cap')
    assert.equal((change.data as { stock: number }).stock, (stock['watch-cap'] ?? 0) - 1)
  })

  test('who looks at a product hears of the next one, and an echo comes back', async () => {
    const first = await look()
    assert.equal(first.hello.viewers, 1)
    const told = message(first.socket)
    const second = await look()
    assert.equal(second.hello.viewers, 2)
    assert.deepEqual(await told, { type: 'viewers', viewers: 2 })
    const echo = message(first.socket)
    first.socket.send(JSON.stringify({ type: 'echo', id: 7 }))
    assert.deepEqual(await echo, { type: 'echo', id: 7 })
    for (const { socket } of [first, second]) {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    }
  })
})

const room = `room-${process.pid}-${Date.now()}`

async function look(): Promise<{ socket: WebSocket; hello: { viewers: number } }> {
  const socket = new WebSocket(`${apiUrl.replace(/^http/, 'ws')}/v1/presence?product=${room}`)
  return { socket, hello: (await message(socket)) as { viewers: number } }
}

async function message(socket: WebSocket): Promise<unknown> {
  const [event] = (await once(socket, 'message', { signal: AbortSignal.timeout(30_000) })) as [{ data: string }]
  return JSON.parse(event.data)
}
