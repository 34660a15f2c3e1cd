import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createProbe } from './socket-probe.ts'

const never = new AbortController().signal
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function serve(meet: (socket: Socket) => void): Promise<{ host: string; port: number }> {
  const server = createServer((socket) => meet(socket.on('error', () => undefined)))
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}

test.each([
  ['waits to be asked', (): void => undefined, { is: 'healthy' }],
  ['greets', (socket: Socket): void => void socket.write('220 ready\r\n'), { is: 'healthy' }],
  ['hangs up, as a proxy does with nobody behind it,', (socket: Socket): void => void socket.end(), { is: 'unreachable', reason: 'closed at once' }],
  ['breaks off', (socket: Socket): void => void socket.resetAndDestroy(), { is: 'unreachable', reason: 'reset' }],
] as const)('what takes a connection and %s is told as %o', async (_, meet, expected) => {
  expect(await createProbe().tcp({ address: await serve(meet), timeoutMs: 3_000 }, never)).toEqual(expected)
})

test('a probe that is not wanted any more ends with the reason', async () => {
  const asked = new AbortController()
  const address = await serve(() => asked.abort(new Error('left')))
  await expect(createProbe().tcp({ address, timeoutMs: 3_000 }, asked.signal)).rejects.toThrow('left')
})
