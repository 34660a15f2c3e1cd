import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = join(import.meta.dirname, '..')
/** What is built: what an API is told to run as its console. */
export const server = join(root, '.next/standalone/apps/console/server.js')

export interface RunningConsole {
  readonly url: string
  /** All that it printed so far. */
  readonly output: () => string
  /** Asks it to end, as a supervisor does, and waits until it has. */
  readonly close: () => Promise<void>
}

const sources = ['apps/console/src', 'apps/console/next.config.ts', 'apps/console/package.json', 'packages/client/src', 'packages/model/src'].map((path) => join(root, '../..', path))

/** Builds the console, unless what is built is newer than every source of it; waits where another test builds it. */
export async function builtConsole(): Promise<void> {
  for (const until = Date.now() + 200_000; ;) {
    if (existsSync(server) && Math.max(...sources.map(newestIn)) < statSync(server).mtimeMs) return
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { encoding: 'utf8' })
    if (status === 0) return
    if (Date.now() > until || !/Another next build process/.test(stderr)) throw new Error(`The console does not build:\n${stdout}${stderr}`)
    await sleep(1_000)
  }
}

/** Starts the built console on a port of its own, as production does. */
export async function startConsole(environment: Readonly<Record<string, string>>): Promise<RunningConsole> {
  const port = await freePort()
  const child = spawn(process.execPath, [server], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', HOSTNAME: '127.0.0.1', PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const ready = Promise.withResolvers<void>()
  const hear = (chunk: Buffer): void => {
    printed += chunk.toString()
    if (printed.includes('Ready in')) ready.resolve()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  child.once('exit', () => ready.reject(new Error(`The console ended:\n${printed}`)))
  await ready.promise
  return {
    url: `http://127.0.0.1:${port}`,
    output: () => printed,
    close: async () => {
      if (child.exitCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    },
  }
}

function newestIn(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs
  return Math.max(...readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => !/\.test\.tsx?$/.test(name)).map((name) => statSync(join(path, name)).mtimeMs))
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
