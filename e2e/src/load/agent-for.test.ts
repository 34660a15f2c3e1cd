import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { shopTarget } from '../shop/shop-target.ts'
import { agentFor } from './agent-for.ts'

test('a kept connection is closed by the client before the time is over that the server announces for it', async () => {
  const server = createServer({ keepAliveTimeout: 2_000 }, (_, response) => response.end('here'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const connected = once(server, 'connection')
  const [response] = (await once(get({ port, agent: agentFor(shopTarget(port), { keepAlive: true }) }), 'response')) as [IncomingMessage]
  response.resume()
  const [socket] = await connected
  // The server itself would destroy it, which nothing ends.
  await once(socket, 'end')
  expect(response.headers['keep-alive']).toBe('timeout=2')
  server.close()
})
