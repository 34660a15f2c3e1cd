import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EdgeHealth } from '../src/control/control-protocol.ts'
import { createEdge } from '../src/control/create-edge.ts'
import { edgeHealth, ensureEdge, stopEdge } from '../src/control/edge-process.ts'
import { edgePaths } from '../src/edge-paths.ts'
import { lockHome } from '../src/home-lock.ts'
import { freePort, shopTraffic, signal } from './edge-world.ts'

let home: string
let upstream: Server
let entry: number

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plimsoll-edge-'))
  entry = await freePort()
  upstream = createServer((_request, response) => response.end('served'))
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
})

afterEach(async () => {
  await stopEdge({ home }, signal)
  upstream.close()
  upstream.closeAllConnections()
  await rm(home, { recursive: true, force: true })
})

const traffic = (fence = 1) => shopTraffic({ release: 1, entry, upstreams: [(upstream.address() as AddressInfo).port], fence })
const ask = async (): Promise<string> => (await fetch(`http://127.0.0.1:${entry}/`)).text()
const ended = async (pid: number): Promise<void> => {
  // One that its parent has not asked about yet is there, and holds nothing any more.
  while (await readFile(`/proc/${pid}/stat`, 'utf8').then((text) => !/\) [ZX] /.test(text), () => false)) await new Promise((resolve) => setImmediate(resolve))
}
const withHeir = async (): Promise<EdgeHealth> => {
  for (;;) {
    const health = await edgeHealth(edgePaths(home), signal)
    if (health?.heir !== undefined) return health
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('an edge that is killed together with its heir serves the same table again when it is started again', async () => {
  const first = await ensureEdge({ home }, signal)
  await createEdge(first).shift(traffic(3), signal)
  const { pid, heir = 0 } = await withHeir()
  for (const each of [heir, pid]) process.kill(each, 'SIGKILL')
  await Promise.all([heir, pid].map(ended))
  await expect(createEdge(first).live(traffic().app, signal)).rejects.toMatchObject({ code: 'EDGE_DOWN' })

  const second = await ensureEdge({ home }, signal)
  expect(second.started).toBe(true)
  expect(await ask()).toBe('served')
  expect(await createEdge(second).live(traffic().app, signal)).toEqual(traffic(3))
  await expect(createEdge(second).shift(traffic(2), signal)).rejects.toMatchObject({ code: 'FENCED_OFF' })
})

test('five starts at once make one edge', async () => {
  const port = await freePort()
  const all = await Promise.all(Array.from({ length: 5 }, async () => ensureEdge({ home, port }, signal)))
  expect(new Set(all.map(({ health }) => health.pid)).size).toBe(1)
  expect(all.filter(({ started }) => started)).toHaveLength(1)
})

test('an edge that runs is adopted as it is', async () => {
  const first = await ensureEdge({ home }, signal)
  await createEdge(first).shift(traffic(), signal)
  const second = await ensureEdge({ home }, signal)
  expect(second).toMatchObject({ started: false, health: { pid: first.health.pid, apps: ['shop'] } })
})

test('stopEdge returns when the ports are free, and again when there is no edge', async () => {
  const { health, controlSocket } = await ensureEdge({ home }, signal)
  await createEdge({ controlSocket }).shift(traffic(), signal)
  await stopEdge({ home }, signal)
  await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  expect(await edgeHealth({ controlSocket }, signal)).toBeUndefined()
  await ended(health.pid)
  await stopEdge({ home }, signal)
})

test('the control socket is its owner’s alone', async () => {
  const { controlSocket } = await ensureEdge({ home }, signal)
  expect((await stat(controlSocket)).mode & 0o777).toBe(0o600)
  expect((await stat(edgePaths(home).directory)).mode & 0o777).toBe(0o700)
})

test('a damaged table is refused with its place, kept aside, and not served as nothing', async () => {
  const first = await ensureEdge({ home }, signal)
  await createEdge(first).shift(traffic(), signal)
  await stopEdge({ home }, signal)
  const { snapshot, directory } = edgePaths(home)
  await writeFile(snapshot, (await readFile(snapshot, 'utf8')).replace('"release":1', '"release":2'))

  await expect(ensureEdge({ home }, signal)).rejects.toMatchObject({ code: 'EDGE_DOWN', message: expect.stringContaining(snapshot) })
  expect((await readdir(directory)).some((name) => name.startsWith('table.json.damaged-'))).toBe(true)
})

test('a shared port that is taken is named with its owner, and no edge stays behind', async () => {
  const { port } = upstream.address() as AddressInfo
  await expect(ensureEdge({ home, port }, signal)).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringContaining(String(port)),
    details: { port, pid: process.pid },
  })
  expect(await edgeHealth(edgePaths(home), signal)).toBeUndefined()
})

test('a port that is free again after a start is opened then', async () => {
  const first = await ensureEdge({ home }, signal)
  await createEdge(first).shift(traffic(), signal)
  await stopEdge({ home }, signal)
  const squatter = createServer().listen(entry, '127.0.0.1')
  await once(squatter, 'listening')
  const second = await ensureEdge({ home }, signal)
  expect(second.health.closedPorts).toEqual([entry])
  squatter.close()
  await once(squatter, 'close')
  while (((await edgeHealth(second, signal))?.closedPorts.length ?? 1) > 0) await new Promise((resolve) => setImmediate(resolve))
  expect(await ask()).toBe('served')
})

test('a stop that meets the end of an edge that was replaced stops the one that serves, and returns when nobody holds the home', async () => {
  const { directory, controlSocket } = edgePaths(home)
  await mkdir(directory, { recursive: true })
  const lock = await lockHome(directory)
  const asked: string[] = []
  // The first is on its way out and hangs up; whoever is asked next is the one that serves, and ends as a process does: the answer first, then the home.
  const edge = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (asked.length === 1) return void request.socket.destroy()
    response.writeHead(200).flushHeaders()
    setImmediate(() => {
      response.destroy()
      void lock?.release()
    })
  })
  edge.listen(controlSocket)
  await once(edge, 'listening')
  await stopEdge({ home }, signal)
  expect(asked.slice(0, 2)).toEqual(['/stop', '/stop'])
  const free = await lockHome(directory)
  expect(free).toBeDefined()
  await free?.release()
  edge.close()
})
