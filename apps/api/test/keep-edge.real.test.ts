import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createEdge, edgeHealth, edgePaths, type EdgeHealth, ensureEdge, stopEdge } from '@plimsoll/edge'
import { trafficSchema } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepEdge } from '../src/keep-edge.ts'
import { systemClock } from '../src/system-clock.ts'

const patience = new AbortController().signal
const upstream = createServer((_request, response) => response.end('served'))
let home: string
let entry: number

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plimsoll-keep-edge-'))
  upstream.listen(0, '127.0.0.1')
  const free = createServer().listen(0, '127.0.0.1')
  await Promise.all([once(upstream, 'listening'), once(free, 'listening')])
  entry = (free.address() as AddressInfo).port
  free.close()
})

afterEach(async () => {
  await stopEdge({ home }, patience)
  upstream.close()
  upstream.closeAllConnections()
  await rm(home, { recursive: true, force: true })
})

async function serve(): Promise<void> {
  const { port } = upstream.address() as AddressInfo
  const targets = { web: { kind: 'instances', unit: 'shop-web-r1', addresses: [{ host: '127.0.0.1', port }] } }
  const traffic = { app: 'shop', fence: 1, entries: { web: { port: entry, hosts: [] } }, live: { release: 1, targets, deploymentIds: {} }, previous: [] }
  await createEdge(edgePaths(home)).shift(trafficSchema.parse(traffic), patience)
}

async function answer(): Promise<number | undefined> {
  const [response] = (await once(get({ host: '127.0.0.1', port: entry, agent: false }), 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return response.statusCode
}

async function healthWhen(wanted: (health: EdgeHealth) => boolean): Promise<EdgeHealth> {
  for (;;) {
    const health = await edgeHealth(edgePaths(home), patience)
    if (health !== undefined && wanted(health)) return health
    await delay(10)
  }
}

async function whileKept(work: () => Promise<void>): Promise<unknown[]> {
  const life = new AbortController()
  const reports: unknown[] = []
  const kept = keepEdge({ edge: { home }, wanted: async () => true, clock: systemClock, report: (error) => reports.push(error) }, life.signal)
  await work()
  life.abort()
  await kept
  return reports
}

test('an edge of another version that serves already is replaced, and not one request is lost', async () => {
  const older = await ensureEdge({ home, version: '0.0.0' }, patience)
  await serve()
  const answers: (number | undefined)[] = []
  let asking = true
  const asked = (async () => {
    while (asking) answers.push(await answer())
  })()
  const reports = await whileKept(async () => {
    const { pid, apps } = await healthWhen(({ version }) => version !== '0.0.0')
    expect(pid).not.toBe(older.health.pid)
    expect(apps).toEqual(['shop'])
    const seen = answers.length
    while (answers.length < seen + 5) await delay(10)
  })
  asking = false
  await asked
  expect(new Set(answers)).toEqual(new Set([200]))
  expect(reports).toEqual([])
})

test('an edge that is killed together with its heir is started again, and serves what it served', async () => {
  await ensureEdge({ home }, patience)
  await serve()
  const { pid, heir = 0 } = await healthWhen((health) => health.heir !== undefined)
  for (const each of [heir, pid]) process.kill(each, 'SIGKILL')
  await whileKept(async () => void (await healthWhen((health) => health.pid !== pid && health.pid !== heir)))
  expect(await answer()).toBe(200)
})
