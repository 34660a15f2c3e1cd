import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { serviceNameSchema } from '@plimsoll/model'
import { afterEach, expect, test } from 'vitest'
import { layWire, type LaidWire } from './lay-wire.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

test('what is sent into a held wire arrives when it is mended, on old connections and on new ones', async () => {
  const wire = await wireToEcho()
  const old = speaker(wire)
  expect(await old.says('a')).toBe('a')
  wire.hold()
  const fresh = speaker(wire)
  let answered = 0
  const both = Promise.all([old.says('b'), fresh.says('c')].map(async (answer) => answer.finally(() => (answered += 1))))
  // A connection past the wire has had time to go there and back.
  expect(await speaker(await wireToEcho()).says('x')).toBe('x')
  expect(answered).toBe(0)
  wire.mend()
  expect(await both).toEqual(['b', 'c'])
})

test('a cut wire breaks what it carries and refuses what comes, until it is mended', async () => {
  const wire = await wireToEcho()
  const old = speaker(wire)
  await old.says('a')
  wire.cut()
  await expect(old.says('b')).rejects.toThrow()
  await expect(speaker(wire).says('c')).rejects.toThrow()
  wire.mend()
  expect(await speaker(wire).says('d')).toBe('d')
  expect(wire.carried()).toBe(2)
})

async function wireToEcho(): Promise<LaidWire> {
  const server = createServer((socket) => void socket.on('error', () => undefined).pipe(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const wire = await layWire({ from: serviceNameSchema.parse('web'), to: 'api', key: 'API', target: { host: '127.0.0.1', port: (server.address() as AddressInfo).port } })
  open.push(() => server.close(), () => wire.close())
  return wire
}

function speaker({ address }: LaidWire): { says: (text: string) => Promise<string> } {
  const socket = connect(address)
  open.push(() => socket.destroy())
  let over = new Error('closed')
  socket.on('error', (error) => (over = error))
  return {
    says: (text) => new Promise((resolve, reject) => {
      if (socket.destroyed) return reject(over)
      socket.once('data', (chunk) => resolve(String(chunk))).once('close', () => reject(over))
      socket.write(text)
    }),
  }
}
