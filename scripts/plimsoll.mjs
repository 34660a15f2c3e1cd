// The CLI of this checkout: npm run plimsoll -- status
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { consoleServer } from './console.mjs'
import { install, node24, root, run } from './toolchain.mjs'

await install()
// npm runs this in the root, and says where it was called.
const here = process.cwd() === root ? process.env.INIT_CWD : process.cwd()
const { status } = await run(node24(), ['--disable-warning=ExperimentalWarning', join(root, 'apps/cli/src/main.mjs'), ...process.argv.slice(2)], {
  directory: here ?? root,
  environment: existsSync(consoleServer) ? { PLIMSOLL_CONSOLE: consoleServer } : {},
})
process.exitCode = status
