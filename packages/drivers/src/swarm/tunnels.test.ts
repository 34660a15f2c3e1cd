import { appNameSchema, type Address } from '@plimsoll/model'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { doorProgram, openDoorLine, type DoorLine } from './door-line.ts'
import { createTunnels, type Tunnels } from './tunnels.ts'

const app = appNameSchema.parse('shop')

/** The program of a door as a process of this machine, instead of a container's. */
function lineToHere(): DoorLine & { readonly ended: Promise<unknown> } {
  const child = spawn(process.execPath, ['-e', doorProgram], { stdio: ['pipe', 'pipe', 'inherit'] })
  const line = openDoorLine(Duplex.from({ readable: child.stdout, writable: child.stdin }))
  onTestFinished(() => line.close())
  return { ...line, ended: once(child, 'exit') }
}

async function listening(answer: (socket: Socket) => void): Promise<{ readonly server: Server; readonly address: Address }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => answer(socket.on('error', () => undefined)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return { server, address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port } }
}

function tunnelsBy(line: DoorLine): Tunnels {
  const tunnels = createTunnels({ dial: (_app, address, signal) => line.dial(address, signal) })
  onTestFinished(() => tunnels.close())
  return tunnels
}

async function codeOf(socket: Socket): Promise<unknown> {
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException]
  return error.code
}

test('a connection through a tunnel carries both ways, at any size, and ends on one side after the other', async () => {
  const { address } = await listening((socket) => void socket.pipe(socket))
  const line = lineToHere()
  const here = await tunnelsBy(line).to(app, address)
  const sent = 'x'.repeat(3_000_000)
  const sockets = Array.from({ length: 8 }, () => connect({ ...here, allowHalfOpen: true }))
  const answers = sockets.map((socket) => text(socket))
  for (const socket of sockets) socket.end(sent)
  for (const answer of await Promise.all(answers)) expect(answer).toHaveLength(sent.length)
  line.close()
  await line.ended
})

test('what is refused or broken off there is reset here, and says why to whoever dials', async () => {
  const { server, address } = await listening((socket) => socket.once('data', () => socket.resetAndDestroy()))
  const line = lineToHere()
  const tunnels = tunnelsBy(line)
  const broken = connect(await tunnels.to(app, address))
  broken.write('hello')
  expect(await codeOf(broken)).toBe('ECONNRESET')
  server.close()
  await expect(line.dial(address, AbortSignal.timeout(5_000))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(await codeOf(connect(await tunnels.to(app, address)))).toBe('ECONNRESET')
})

test('a line that breaks takes its connections along, and says so to whoever waits', async () => {
  const taken = Promise.withResolvers<void>()
  const { address } = await listening(() => taken.resolve())
  const line = lineToHere()
  const socket = connect(await tunnelsBy(line).to(app, address))
  await taken.promise
  line.close()
  expect(await codeOf(socket)).toBe('ECONNRESET')
  expect(line.isOpen()).toBe(false)
  await line.ended
})

test('a tunnel is the same until it is closed, and then nobody listens', async () => {
  const { address } = await listening((socket) => socket.end('there'))
  const tunnels = tunnelsBy(lineToHere())
  const here = await tunnels.to(app, address)
  expect(await tunnels.to(app, address)).toEqual(here)
  expect(tunnels.behind(here)).toEqual({ app, address })
  expect(await text(connect(here))).toBe('there')
  await tunnels.close(app)
  expect(await codeOf(connect(here))).toBe('ECONNREFUSED')
  expect(tunnels.behind(here)).toBeUndefined()
})
