import { waitUntil } from '@plimsoll/engine/contract'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { createBalancer } from './balancer.ts'

const clock = { now: () => Date.now(), sleep: async (ms: number, signal: AbortSignal) => void (await wait(ms, undefined, { signal })) }

const opened: (Server | Socket)[] = []
afterEach(() => {
  for (const one of opened.splice(0)) if ('close' in one) one.close()
  else one.destroy()
})

it('gives each connection to the next instance', async () => {
  const port = await balanceOver(await sayer('a'), await sayer('b'), await sayer('c'))
  expect([await text(dial(port)), await text(dial(port)), await text(dial(port)), await text(dial(port))]).toEqual(['a', 'b', 'c', 'a'])
})

it('passes over an instance that refuses, and comes back to it when it listens', async () => {
  const gone = await sayer('back')
  const instance = opened.at(-1) as Server
  await new Promise((resolve) => instance.close(resolve))
  const port = await balanceOver(gone, await sayer('here'))
  expect([await text(dial(port)), await text(dial(port))]).toEqual(['here', 'here'])
  await new Promise<void>((resolve) => instance.listen(gone, '127.0.0.1', resolve))
  expect([await text(dial(port)), await text(dial(port))]).toEqual(['back', 'here'])
})

it('breaks a connection off when no instance listens', async () => {
  expect(await breakOf(dial(await balanceOver()))).toBe('ECONNRESET')
})

it('passes on what comes after the other side has ended', async () => {
  const atTheEnd = await serve((socket) => void text(socket).then((said) => socket.end(`you said ${said}`)))
  const client = dial(await balanceOver(atTheEnd))
  client.end('goodbye')
  expect(await text(client)).toBe('you said goodbye')

  const heard = Promise.withResolvers<string>()
  const firstToEnd = await serve((socket) => {
    socket.end('I am done')
    void text(socket).then(heard.resolve, heard.reject)
  })
  const patient = dial(await balanceOver(firstToEnd))
  expect(await text(patient)).toBe('I am done')
  patient.end('I am not')
  expect(await heard.promise).toBe('I am not')
})

it('passes a break on as a break', async () => {
  const breaks = await serve((socket) => socket.write('half an ans', () => socket.once('data', () => socket.resetAndDestroy())))
  const client = dial(await balanceOver(breaks))
  const [half] = await once(client, 'data') as [Buffer]
  client.write('and?')
  expect([half.toString(), await breakOf(client)]).toEqual(['half an ans', 'ECONNRESET'])
})

it('tells an instance that its client has broken off', async () => {
  const broken = Promise.withResolvers<string | undefined>()
  const port = await balanceOver(await serve((socket) => {
    socket.write('hello')
    breakOf(socket).then(broken.resolve, broken.reject)
  }))
  const client = dial(port)
  await once(client, 'data')
  client.resetAndDestroy()
  expect(await broken.promise).toBe('ECONNRESET')
})

it('takes from an instance only as fast as its client does', async () => {
  const whole = 64 * 1024 * 1024
  const gone = { bytes: 0 }
  const client = dial(await balanceOver(await serve((socket) => pour(socket, whole, gone))))
  let before = -1
  // Longer than the loopback interface ever rests while somebody reads.
  const slow = { ...clock, sleep: (_: number, signal: AbortSignal) => clock.sleep(300, signal) }
  await waitUntil('nothing moves any more', () => {
    const moved = gone.bytes === 0 || gone.bytes !== before
    before = gone.bytes
    return !moved
  }, { clock: slow })
  expect(gone.bytes).toBeLessThan(whole / 2)
  let taken = 0
  for await (const chunk of client) taken += (chunk as Buffer).length
  expect(taken).toBe(whole)
})

/** Writes `bytes`, each piece when the one before has gone. */
async function pour(socket: Socket, bytes: number, gone: { bytes: number }): Promise<void> {
  const piece = Buffer.alloc(64 * 1024)
  while (gone.bytes < bytes) {
    await new Promise((resolve) => socket.write(piece, resolve))
    gone.bytes += piece.length
  }
  socket.end()
}

async function balanceOver(...ports: readonly number[]): Promise<number> {
  return listen(createBalancer(() => ports))
}

function sayer(what: string): Promise<number> {
  return serve((socket) => socket.end(what))
}

function serve(onConnection: (socket: Socket) => unknown): Promise<number> {
  return listen(createServer({ allowHalfOpen: true }, (socket) => {
    opened.push(socket)
    socket.on('error', () => undefined)
    onConnection(socket)
  }))
}

async function listen(server: Server): Promise<number> {
  opened.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function dial(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  opened.push(socket)
  return socket
}

/** The code with which it breaks; undefined when it ends properly. */
function breakOf(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    socket.once('error', (error) => resolve('code' in error ? String(error.code) : error.message))
    socket.once('close', () => resolve(undefined))
    socket.resume()
  })
}
