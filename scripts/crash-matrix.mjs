// Kills everybody everywhere and writes docs/crash-matrix.md, or its page for --on docker: npm run crash-matrix -- [--on PLACE] [--only TEXT[,TEXT]] [--results FILE]
import { join } from 'node:path'
import { install, node24, root, run } from './toolchain.mjs'

await install()
process.exitCode = (await run(node24(), ['--disable-warning=ExperimentalWarning', join(root, 'e2e/src/crash/main.ts'), ...process.argv.slice(2)])).status
