import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const server = join(root, '.next/standalone/apps/console/server.js')

export interface RunningConsole {
  readonly url: string
  /** All that it printed so far. */
  readonly output: () => string
  readonly close: () => Promise<void>
}

/** Builds the console unless it is built; set PLIMSOLL_CONSOLE_BUILD=fresh to build it anew. */
export function builtConsole(): void {
  if (existsSync(server) && process.env['PLIMSOLL_CONSOLE_BUILD'] !== 'fresh') return
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The console does not build:\n${stdout}${stderr}`)
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
      child.kill('SIGKILL')
      await exit
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
