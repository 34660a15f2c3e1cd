// The main job: install, start Plimsoll, release the example, and leave it serving.
import { join } from 'node:path'
import { buildConsole } from './console.mjs'
import { install, node24, root, run } from './toolchain.mjs'

await install()
const server = await buildConsole()
const { status } = await run(node24(), ['--disable-warning=ExperimentalWarning', join(root, 'apps/cli/src/main.mjs'), 'up', 'examples/storefront', ...process.argv.slice(2)], {
  environment: { ...(server !== undefined && { PLIMSOLL_CONSOLE: server }) },
})
process.exitCode = status
