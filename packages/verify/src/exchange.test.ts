import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { exchange } from './exchange.ts'

test('an answer that never ends counts with its head where no more is wanted, and else has no end in time', async () => {
  const server = createServer((_request, response) => response.writeHead(206, { 'content-type': 'application/x-ndjson' }).write('{}\n')).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close().closeAllConnections())
  await once(server, 'listening')
  const ask = { address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port }, path: '/', timeoutMs: 300 }
  const never = new AbortController().signal
  expect(await exchange({ ...ask, timeoutMs: 20_000, headOnly: true }, never)).toMatchObject({ is: 'answer', status: 206 })
  expect(await exchange(ask, never)).toMatchObject({ is: 'none', reason: 'timeout' })
})
