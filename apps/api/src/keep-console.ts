import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { createMarkedProcesses } from '@plimsoll/drivers'
import { systemClock } from './system-clock.ts'

export interface ConsoleOptions {
  readonly home: string
  /** The built console's server.js. */
  readonly server: string
  readonly port: number
  readonly apiUrl: string
  /** Where people reach it. */
  readonly url: string | undefined
}

/** By this variable the console of a home is known again, whoever started it. */
const mark = 'PLIMSOLL_CONSOLE_OF'

/** Runs the console as a child, and again when it ends, until `signal` fires. Its output goes to `console.log` in the home. */
export async function keepConsole(options: ConsoleOptions, signal: AbortSignal): Promise<void> {
  for (let pauseMs = 500; !signal.aborted; pauseMs = Math.min(pauseMs * 2, 30_000)) {
    await runOnce(options, signal)
    // One that a killed API has left behind holds the port, and asks nobody but that API. Where it does not end, the attempts go on until it has.
    await createMarkedProcesses(systemClock).end({ key: mark, value: options.home, graceMs: 5_000 }, signal).catch(() => undefined)
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, pauseMs)
      signal.addEventListener('abort', () => { clearTimeout(timer); resolve(undefined) }, { once: true })
    })
  }
}

async function runOnce({ home, server, port, apiUrl, url }: ConsoleOptions, signal: AbortSignal): Promise<void> {
  const log = await open(join(home, 'console.log'), 'a')
  try {
    const environment = { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', HOSTNAME: '127.0.0.1', PORT: String(port), PLIMSOLL_HOME: home, PLIMSOLL_API_URL: apiUrl, NEXT_TELEMETRY_DISABLED: '1', [mark]: home, ...(url !== undefined && { PLIMSOLL_CONSOLE_URL: url }) }
    const child = spawn(process.execPath, [server], { stdio: ['ignore', log.fd, log.fd], env: environment })
    const end = (): void => void child.kill('SIGTERM')
    signal.addEventListener('abort', end, { once: true })
    await new Promise((resolve) => child.once('exit', resolve).once('error', resolve))
    signal.removeEventListener('abort', end)
  } finally {
    await log.close()
  }
}
