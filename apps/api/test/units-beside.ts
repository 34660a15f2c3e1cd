import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Client } from '@plimsoll/client'
import { stopEdge } from '@plimsoll/edge'
import { contract } from '@plimsoll/model'
import { withTestServer, type TestHooks } from '@plimsoll/store/test-server'

const main = new URL('../src/main.ts', import.meta.url).pathname
const token = 'the-token-of-those-that-run-beside-each-other'

/** One API process, as the platform of a Blueprint starts it. */
export interface Unit {
  readonly process: ChildProcess
  readonly client: Client
  /** Whether it says that it holds the home; undefined while it does not answer. */
  holds(): Promise<boolean | undefined>
}

/** A home and a database that several of them share, and the address at which people reach the one that is live. */
export interface UnitsBeside {
  readonly home: string
  /** Of whichever is live. */
  readonly client: Client
  /** Starts one more; it may not answer yet. */
  start(): Promise<Unit>
  /** From now on people reach this one. */
  leadTo(unit: Unit): void
}

/** Before and after the tests of a file; what it gives is there between the two. */
export function withUnitsBeside({ beforeAll, afterAll }: TestHooks): () => UnitsBeside {
  const server = withTestServer({ beforeAll, afterAll })
  let world: World | undefined
  const current = (): World => {
    if (world === undefined) throw new Error('the units are there only between beforeAll and afterAll')
    return world
  }
  beforeAll(async () => {
    const { host = '', port = 0, user = '', database = '' } = await server.freshDatabase()
    world = await World.open(`postgresql://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`)
  })
  afterAll(async () => current().end())
  return current
}

class World implements UnitsBeside {
  readonly home: string
  readonly client: Client
  readonly #databaseUrl: string
  readonly #url: string
  readonly #front: Server
  readonly #started: ChildProcess[] = []
  readonly #ports = new Map<Unit, number>()
  #live = 0

  static async open(databaseUrl: string): Promise<World> {
    const home = await mkdtemp(join(tmpdir(), 'be-'))
    const front = createServer()
    await once(front.listen(0, '127.0.0.1'), 'listening')
    return new World(home, databaseUrl, front)
  }

  private constructor(home: string, databaseUrl: string, front: Server) {
    this.home = home
    this.#databaseUrl = databaseUrl
    this.#front = front
    this.#url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`
    this.client = createClient({ baseUrl: this.#url, token })
    // Stands for the edge of whoever runs the units.
    front.on('request', (asked, answer) => {
      const out = request({ host: '127.0.0.1', port: this.#live, path: asked.url, method: asked.method, headers: asked.headers }, (given) => {
        answer.writeHead(given.statusCode ?? 502, given.headers)
        given.pipe(answer)
      })
      out.on('error', () => answer.writeHead(502).end())
      asked.pipe(out)
    })
  }

  async start(): Promise<Unit> {
    const [port, edge, entries] = [await freePort(), await freePort(), await freePort()]
    const environment = {
      PATH: process.env['PATH'], HOME: this.home, RENDER: 'true', PORT: String(port), RENDER_EXTERNAL_URL: this.#url, RENDER_INSTANCE_ID: `unit-${port}`, DATABASE_URL: this.#databaseUrl,
      PLIMSOLL_HOME: this.home, PLIMSOLL_API_TOKEN: token, PLIMSOLL_EDGE_PORT: String(edge), PLIMSOLL_ENTRY_PORTS: String(entries), PLIMSOLL_WATCH_MS: '0',
    }
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], { env: environment, stdio: ['ignore', 'inherit', 'inherit'] })
    this.#started.push(child)
    const client = createClient({ baseUrl: `http://127.0.0.1:${port}`, token })
    const unit = { process: child, client, holds: () => client.call(contract.health, {}).then((health) => health.unit?.holds, () => undefined) }
    this.#ports.set(unit, port)
    return unit
  }

  leadTo(unit: Unit): void {
    this.#live = this.#ports.get(unit) ?? 0
  }

  async end(): Promise<void> {
    for (const child of this.#started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await stopEdge({ home: this.home }, AbortSignal.timeout(10_000))
    this.#front.close()
    this.#front.closeAllConnections()
    await rm(this.home, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await once(probe.listen(0, '127.0.0.1'), 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((closed) => probe.close(closed))
  return port
}
