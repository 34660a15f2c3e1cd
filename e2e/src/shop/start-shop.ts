import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const server = fileURLToPath(new URL('../../fixtures/shop-server.mjs', import.meta.url))

export interface ShopOptions {
  /** `shop-web-r3`; the instance id is this and `-x`. */
  readonly unit: string
  /** Directory that all releases share; also the mark by which leaked processes are found. */
  readonly home: string
  /** `SHOP_…` variables of the server. */
  readonly environment?: Readonly<Record<string, string>>
  readonly port?: number
}

export interface Shop {
  readonly pid: number
  readonly unit: string
  /** Fulfils with the port as soon as it listens; rejects when it ends before. */
  readonly listening: Promise<number>
  /** Sends the signal and waits for the end of the process. Twice is once. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** Starts one instance of the fixture shop as a process of its own. Returns before it listens. */
export function startShop({ unit, home, environment, port }: ShopOptions): Shop {
  const child = spawn(process.execPath, [server], {
    env: { PATH: process.env['PATH'], PORT: String(port ?? 0), HOST: '127.0.0.1', RENDER_INSTANCE_ID: `${unit}-x`, SHOP_DATA: `${home}/shop-data`, PLIMSOLL_HOME: home, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const listening = portOf(child, unit)
  // Whoever does not ask for the port is not told that there will be none.
  listening.catch(() => undefined)
  return {
    pid: child.pid ?? -1,
    unit,
    listening,
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill(signal)
      await once(child, 'exit')
    },
  }
}

async function portOf(child: ChildProcess, unit: string): Promise<number> {
  if (child.stdout === null) throw new Error('the shop has no output')
  const lines = createInterface({ input: child.stdout })
  for await (const line of lines) {
    const port = /^listening on (\d+) /.exec(line)?.[1]
    if (port !== undefined) return Number(port)
  }
  throw new Error(`${unit} ended before it listened`)
}
