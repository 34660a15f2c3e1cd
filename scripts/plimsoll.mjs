// The CLI of this checkout: npm run plimsoll -- status; from another directory: node CHECKOUT/scripts/plimsoll.mjs status
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { consoleServer } from './console.mjs'
import { install, node24, root, run } from './toolchain.mjs'

await install()
const { status } = await run(node24(), ['--disable-warning=ExperimentalWarning', join(root, 'apps/cli/src/main.mjs'), ...process.argv.slice(2)], {
  cwd: process.cwd(),
  environment: existsSync(consoleServer) ? { PLIMSOLL_CONSOLE: consoleServer } : {},
})
process.exitCode = status
