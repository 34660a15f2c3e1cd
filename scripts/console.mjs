// Builds the console when its sources have changed; nothing happens when they have not.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './toolchain.mjs'

/** The file that serves the console, once it is built. */
export const consoleServer = join(root, 'apps/console/.next/standalone/apps/console/server.js')

/** Builds the console and returns the path of its server; undefined, with the reason printed, when that fails. */
export async function buildConsole() {
  if (!existsSync(join(root, 'apps/console/package.json'))) return undefined
  const fresh = !existsSync(consoleServer)
  const began = Date.now()
  if (fresh) process.stdout.write('Building the console (once) … ')
  const { status, output } = await run('turbo', ['run', 'build', '--filter=@plimsoll/console', '--output-logs=errors-only'], { quiet: true, environment: { NEXT_TELEMETRY_DISABLED: '1', TURBO_TELEMETRY_DISABLED: '1' } })
  if (status === 0 && existsSync(consoleServer)) {
    if (fresh) process.stdout.write(`${((Date.now() - began) / 1000).toFixed(0)} s\n`)
    return consoleServer
  }
  process.stdout.write(`${fresh ? 'failed\n' : ''}${output.split('\n').slice(-20).join('\n')}\nThe console could not be built; everything else works without it.\n`)
  return undefined
}
