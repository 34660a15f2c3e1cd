import { appNameSchema, PlimsollError, type Address } from '@plimsoll/model'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { doorProgram } from './door-line.ts'
import { createDoors, type Doors } from './doors.ts'

const app = appNameSchema.parse('shop')
const never = new AbortController().signal

interface Machine {
  readonly engine: DockerEngine
  readonly has: () => boolean
  /** It answers no more, and lines to it break. */
  leave(): void
  comeBack(): void
}

/** An engine that has a door or none, and runs what is executed there as a process of this machine. */
async function machine(): Promise<Machine> {
  const directory = mkdtempSync(join(tmpdir(), 'doors-'))
  const path = join(directory, 'socket')
  const children = new Set<{ kill(): unknown }>()
  const server = createHttpServer().on('upgrade', (_request, socket) => {
    const child = spawn(process.execPath, ['-e', doorProgram], { stdio: ['pipe', 'pipe', 'inherit'] })
    children.add(child)
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n')
    child.stdout.on('data', (piece: Buffer) => {
      const head = Buffer.alloc(8)
      head.writeUInt8(1, 0)
      head.writeUInt32BE(piece.length, 4)
      socket.write(Buffer.concat([head, piece]))
    })
    socket.pipe(child.stdin)
    socket.on('error', () => undefined).once('close', () => child.kill())
    child.stdin.on('error', () => undefined)
    child.once('exit', () => socket.destroy())
  })
  await once(server.listen(path), 'listening')
  onTestFinished(() => {
    for (const child of children) child.kill()
    server.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const is = { away: false, there: false }
  const call: DockerEngine['call'] = async ({ method, path: asked }) => {
    if (is.away) throw new PlimsollError('ENGINE_DOWN', 'away')
    if (asked === '/containers/create') is.there = true
    if (method === 'DELETE') is.there = false
    const status = asked.endsWith('/exec') || asked.endsWith('/start') ? (is.there ? 201 : 404) : 201
    return { status, body: JSON.stringify({ Id: 'made' }) }
  }
  const unused = () => Promise.reject(new Error('not asked here'))
  return {
    engine: { address: { via: 'socket', path }, call, read: unused, bytes: unused, stream: unused },
    has: () => is.there,
    leave() {
      is.away = true
      for (const child of children) child.kill()
    },
    comeBack: () => void (is.away = false),
  }
}

async function listening(): Promise<Address> {
  const server = createServer((socket) => void socket.on('error', () => undefined).end('hello'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}

async function heardBy(doors: Doors, address: Address): Promise<string> {
  const connection = await doors.dial(app, address, AbortSignal.timeout(10_000))
  let heard = ''
  for await (const piece of connection) heard += String(piece)
  return heard
}

function doorsOf(first: Machine, second: Machine): Doors {
  const doors = createDoors({ engines: [first.engine, second.engine], place: { home: '/nowhere', id: '0' }, image: 'registry/edge@sha256:0', login: async () => ({}) })
  onTestFinished(() => doors.close())
  return doors
}

test('a door that was opened elsewhere while the first machine was away is taken away when that one is used again', async () => {
  const [first, second, address] = await Promise.all([machine(), machine(), listening()])
  const doors = doorsOf(first, second)
  expect(await heardBy(doors, address)).toBe('hello')
  first.leave()
  await vi.waitFor(async () => expect(await heardBy(doors, address)).toBe('hello'))
  expect([first.has(), second.has()]).toEqual([true, true])
  first.comeBack()
  second.leave()
  second.comeBack()
  await vi.waitFor(async () => expect(await heardBy(doors, address)).toBe('hello'))
  await vi.waitFor(() => expect([first.has(), second.has()]).toEqual([true, false]))
})

test('one that another process has left on another machine is taken away with the first look', async () => {
  const [first, second, address] = await Promise.all([machine(), machine(), listening()])
  first.leave()
  await heardBy(doorsOf(first, second), address)
  expect(second.has()).toBe(true)
  first.comeBack()
  await heardBy(doorsOf(first, second), address)
  await vi.waitFor(() => expect([first.has(), second.has()]).toEqual([true, false]))
})

test('an app that is taken down has no door anywhere', async () => {
  const [first, second, address] = await Promise.all([machine(), machine(), listening()])
  const doors = doorsOf(first, second)
  await heardBy(doors, address)
  await doors.shut(app, never)
  expect([first.has(), second.has()]).toEqual([false, false])
})
