import { PassThrough } from 'node:stream'
import type { StockChange, StockHello } from '@storefront/contract'
import type { FastifyPluginAsync } from 'fastify'
import type { ResourceOptions } from '../build-api.ts'

/** Proxies and browsers drop a connection that stays silent for too long. */
const KEEP_ALIVE_MS = 15_000

export const stock: FastifyPluginAsync<ResourceOptions> = async (app, { deps }) => {
  const { stockFeed, config } = deps
  const servedBy = config.instanceId
  const open = new Set<PassThrough>()

  app.addHook('preClose', async () => {
    // Left open, these would hold the shutdown; the browsers reconnect to the next instance.
    for (const stream of open) stream.end()
  })

  app.get('/stock/stream', { schema: { tags: ['realtime'] } }, async (_request, reply) => {
    const hello: StockHello = { servedBy, stock: await stockFeed.snapshot() }
    const stream = new PassThrough()
    const send = (event: string, data: StockHello | StockChange): void => {
      stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    }
    const keepAlive = setInterval(() => stream.write(': still here\n\n'), KEEP_ALIVE_MS)
    const unsubscribe = stockFeed.subscribe({
      onChange: (level) => send('stock', { ...level, servedBy }),
    })
    open.add(stream)
    stream.once('close', () => {
      clearInterval(keepAlive)
      unsubscribe()
      open.delete(stream)
    })
    stream.write('retry: 1000\n\n')
    send('hello', hello)
    return reply
      .header('content-type', 'text/event-stream')
      .header('cache-control', 'no-cache, no-transform')
      .header('x-accel-buffering', 'no')
      .send(stream)
  })
}
