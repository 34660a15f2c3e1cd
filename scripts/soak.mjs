// Releases on and on under load, every second time with a fault: npm run soak -- [--on PLACE] [--releases 300] [--seed N] [--check] [--json]
import { join } from 'node:path'
import { install, node24, root, run } from './toolchain.mjs'

await install()
process.exitCode = (await run(node24(), ['--disable-warning=ExperimentalWarning', join(root, 'e2e/src/soak/main.ts'), ...process.argv.slice(2)])).status
